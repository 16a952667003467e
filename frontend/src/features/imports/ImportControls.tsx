import { Button, Group, Stack } from "@mantine/core";
import type { ImportStatus } from "../../api/types";
import { Problem } from "../../components/Problem";
import { isFinished, type JobAction, useControlImport, useReconnectAndContinue } from "./useImports";

const NEEDS_CONSENT = ["sca_exceeded", "access_denied", "connection_expired", "consent_expired", "invalid_date_range"];

/** What can be done to a job as it stands. */
export function ImportControls({ job }: { job: ImportStatus }) {
  const control = useControlImport(job.job_id);
  const reconnect = useReconnectAndContinue(job.job_id);
  const isPaused = job.status === "paused" || job.status === "pausing";
  const failed = job.accounts.filter((account) => account.status === "failed" || account.status === "cancelled");
  const needsConsent = failed.some((account) => account.error && NEEDS_CONSENT.includes(account.error.code));

  function button(action: JobAction, label: string, colour?: string) {
    return (
      <Button
        variant="default"
        {...(colour ? { c: colour } : {})}
        loading={control.isPending && control.variables === action}
        onClick={() => control.mutate(action)}
      >
        {label}
      </Button>
    );
  }
  return (
    <Stack gap="xs">
      <Group>
        {!isFinished(job) && (isPaused ? button("resume", "Resume") : button("pause", "Pause"))}
        {!isFinished(job) && button("cancel", "Cancel", "red")}
        {isFinished(job) && failed.length > 0 && button("retry", "Try again what failed")}
        {isFinished(job) && needsConsent && (
          <Button loading={reconnect.isPending} onClick={() => reconnect.mutate()}>
            Reconnect the bank and go on
          </Button>
        )}
      </Group>
      {control.error && <Problem error={control.error} />}
      {reconnect.error && <Problem error={reconnect.error} />}
    </Stack>
  );
}
