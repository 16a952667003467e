import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { IconPlayerPause, IconPlayerPlay, IconRun, IconTrash } from "@tabler/icons-react";
import { Link, useNavigate } from "@tanstack/react-router";
import type { Schedule } from "../../api/types";
import { FormDialog } from "../../components/FormDialog";
import { Problem } from "../../components/Problem";
import { sayDone } from "../../components/sayDone";
import { usePauseSchedule, useRemoveSchedule, useRestoreSchedule, useResumeSchedule, useRunNow } from "./useSchedules";

/** What can be done to a schedule. */
export function ScheduleActions({ schedule }: { schedule: Schedule }) {
  const run = useRunNow(schedule.id);
  const resume = useResumeSchedule(schedule.id);
  const error = run.error ?? resume.error;
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <Button
          size="compact-sm"
          leftSection={<IconRun size={16} aria-hidden />}
          loading={run.isPending}
          onClick={() =>
            run.mutate(undefined, {
              onSuccess: (started) =>
                notifications.show({
                  color: "green",
                  title: started.job_id === null ? t`Queued` : t`Import ${{ jobId: started.job_id }} started`,
                  message: t`The next scheduled run is unchanged.`,
                }),
            })
          }
        >
          <Trans>Run now</Trans>
        </Button>
        {schedule.enabled ? (
          <PauseButton schedule={schedule} />
        ) : (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPlayerPlay size={16} aria-hidden />}
            loading={resume.isPending}
            onClick={() => resume.mutate(undefined)}
          >
            <Trans>Resume</Trans>
          </Button>
        )}
        <Button
          size="compact-sm"
          variant="default"
          renderRoot={(props) => (
            <Link {...props} to="/schedules/$scheduleId/edit" params={{ scheduleId: schedule.id }} />
          )}
        >
          <Trans>Change</Trans>
        </Button>
        <RemoveButton schedule={schedule} />
      </Group>
      {error && <Problem error={error} />}
    </Stack>
  );
}

function PauseButton({ schedule }: { schedule: Schedule }) {
  const form = useForm({ initialValues: { reason: "" } });
  const pause = usePauseSchedule(schedule.id);
  return (
    <FormDialog
      label={t`Pause`}
      variant="default"
      leftSection={<IconPlayerPause size={16} aria-hidden />}
      title={t`Pause this schedule?`}
      submit={t`Pause it`}
      error={pause.error}
      isPending={pause.isPending}
      onSubmit={(close) => pause.mutate(form.values.reason.trim(), { onSuccess: close })}
    >
      <Text size="sm">
        <Trans>Nothing runs until you resume it, and missed runs are not caught up. A running import continues.</Trans>
      </Text>
      <TextInput
        label={t`Why`}
        placeholder={t`Optional, for yourself later`}
        maxLength={500}
        {...form.getInputProps("reason")}
        data-autofocus
      />
    </FormDialog>
  );
}

/** Removes at once, and offers to take it back: nothing is lost. */
function RemoveButton({ schedule }: { schedule: Schedule }) {
  const remove = useRemoveSchedule(schedule.id);
  const restore = useRestoreSchedule(schedule.id);
  const navigate = useNavigate();
  const onRemoved = () => {
    void navigate({ to: "/schedules" });
    sayDone(t`Schedule removed.`, { label: t`Undo`, take: () => restore.mutate(undefined) });
  };
  return (
    <>
      <Button
        size="compact-sm"
        variant="subtle"
        color="red"
        leftSection={<IconTrash size={16} aria-hidden />}
        loading={remove.isPending}
        onClick={() => remove.mutate(undefined, { onSuccess: onRemoved })}
      >
        <Trans>Remove</Trans>
      </Button>
      {remove.error && <Problem error={remove.error} />}
    </>
  );
}
