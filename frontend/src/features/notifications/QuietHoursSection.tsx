import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button, Card, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import { notificationQueries } from "../../api/notifications";
import { Problem } from "../../components/Problem";
import { QueryState } from "../../components/QueryState";
import { TimeField } from "../../components/TimeField";
import { shownZone } from "../../lib/timeZone";
import { type QuietHours, useChange } from "./useNotifications";

/** When channels are silent. */
export function QuietHoursSection() {
  const chosen = useQuery(notificationQueries.quietHours());
  return (
    <Card component="section" aria-labelledby="quiet">
      <Title order={2} size="h4" id="quiet">
        <Trans>Quiet hours</Trans>
      </Title>
      <Text c="dimmed" mb="sm">
        <Trans>Events during quiet hours arrive as one message when they end.</Trans>
      </Text>
      <QueryState query={chosen} what={t`quiet hours`} />
      {chosen.data && <QuietHoursForm key={JSON.stringify(chosen.data)} chosen={chosen.data} />}
    </Card>
  );
}

function QuietHoursForm({ chosen }: { chosen: QuietHours }) {
  const here = shownZone();
  const form = useForm({
    initialValues: {
      from: chosen.quiet_from?.slice(0, 5) ?? "",
      to: chosen.quiet_to?.slice(0, 5) ?? "",
      zone: chosen.quiet_from ? chosen.time_zone : here,
    },
  });
  const save = useChange((change: QuietHours) => answered(api.PUT("/api/notifications/quiet-hours", { body: change })));
  return (
    <form
      onSubmit={form.onSubmit(({ from, to, zone }) =>
        save.mutate({ quiet_from: from || null, quiet_to: to || null, time_zone: zone }),
      )}
    >
      <Stack gap="sm">
        <Group align="flex-end">
          <TimeField
            label={t`Start`}
            isOptional
            value={form.values.from}
            onChange={(time) => form.setFieldValue("from", time)}
          />
          <TimeField
            label={t`End`}
            isOptional
            value={form.values.to}
            onChange={(time) => form.setFieldValue("to", time)}
          />
          <TextInput label={t`Time zone`} {...form.getInputProps("zone")} />
        </Group>
        {save.error && <Problem error={save.error} />}
        <Group>
          <Button type="submit" loading={save.isPending}>
            <Trans>Save</Trans>
          </Button>
          <Button
            variant="default"
            disabled={chosen.quiet_from === null}
            onClick={() => save.mutate({ quiet_from: null, quiet_to: null, time_zone: form.values.zone })}
          >
            <Trans>No quiet hours</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
