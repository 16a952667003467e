import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button, Card, Grid, Group, Stack, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useMemo } from "react";
import { accountQueries } from "../../api/connections";
import { scheduleQueries } from "../../api/schedules";
import type { Connection, Schedule } from "../../api/types";
import { Problem } from "../../components/Problem";
import { QueryState } from "../../components/QueryState";
import { NextRuns } from "./NextRuns";
import { PolicyFields } from "./PolicyFields";
import { RuleFields } from "./RuleFields";
import { requestOf, type ScheduleValues } from "./scheduleValues";
import { useSaveSchedule } from "./useSchedules";
import { WhatFields } from "./WhatFields";

type Props = {
  initial: ScheduleValues;
  scheduleId: string | null;
  banks: Connection[];
  onSaved: (schedule: Schedule) => void;
  onCancel: () => void;
};

const PREVIEW_AFTER_MS = 300;

/** A form for a schedule, with a preview of its next runs. */
export function ScheduleForm({ initial, scheduleId, banks, onSaved, onCancel }: Props) {
  const form = useForm({ initialValues: initial });
  const { values } = form;
  const accounts = useQuery(accountQueries.of(values.connectionId));
  const save = useSaveSchedule(scheduleId);
  const request = useMemo(() => requestOf(values), [values]);
  const [settled] = useDebouncedValue(request, PREVIEW_AFTER_MS);
  const preview = useQuery(scheduleQueries.preview(settled));
  return (
    <form
      onSubmit={form.onSubmit(() => {
        if (request !== null) save.mutate(request, { onSuccess: onSaved });
      })}
    >
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Stack>
            <Part title={t`When`}>
              <RuleFields values={values} onChange={form.setValues} />
            </Part>
            <Part title={t`What`}>
              <WhatFields values={values} banks={banks} accounts={accounts.data ?? []} onChange={form.setValues} />
            </Part>
            <Part title={t`Overlaps, missed runs and failures`}>
              <PolicyFields values={values} onChange={form.setValues} />
            </Part>
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Card component="section" aria-label={t`Preview`} style={{ position: "sticky", top: 72 }}>
            <Title order={2} size="h4" mb="sm">
              <Trans>Next runs</Trans>
            </Title>
            <div aria-live="polite" aria-busy={preview.isFetching}>
              <QueryState query={preview} what={t`next runs`} lines={3} failed={t`Preview failed`} />
              {preview.data && <NextRuns preview={preview.data} />}
            </div>
          </Card>
        </Grid.Col>
      </Grid>
      {save.error && (
        <Stack mt="md">
          <Problem error={save.error} title={t`Saving failed`} />
        </Stack>
      )}
      <Group mt="lg">
        <Button type="submit" loading={save.isPending} disabled={request === null}>
          {scheduleId === null ? t`Schedule it` : t`Save changes`}
        </Button>
        <Button variant="default" onClick={onCancel}>
          <Trans>Cancel</Trans>
        </Button>
      </Group>
    </form>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Card component="section" aria-label={title}>
      <Title order={2} size="h4" mb="sm">
        {title}
      </Title>
      {children}
    </Card>
  );
}
