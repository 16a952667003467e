import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Button, Group, Stack } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ImportStatus } from "../../../api/types";
import { EvidenceDownload } from "../../../components/EvidenceDownload";
import { Problem } from "../../../components/Problem";
import { isMendedByReconnecting } from "../../../lib/adviceOf";
import { isFinished } from "../isFinished";
import { CancelButton, ControlButton } from "./ControlButtons";
import { EndNotice } from "./EndNotice";
import { UndoButton } from "./UndoButton";
import { useControlImport } from "./useControlImport";
import { useReconnectAndContinue } from "./useReconnectAndContinue";
import { useRedo } from "./useRedo";

/** The actions that the status of a job allows. */
export function JobActions({ job }: { job: ImportStatus }) {
  const control = useControlImport(job.job_id);
  const reconnect = useReconnectAndContinue(job.job_id);
  const redo = useRedo(job.job_id);
  const isPaused = job.status === "paused" || job.status === "pausing";
  const isUndone = job.status === "undone";
  const hasEnded = isFinished(job);
  const failed = job.accounts.filter((account) => account.status === "failed" || account.status === "cancelled");
  const needsConsent = failed.some((account) => account.error && isMendedByReconnecting(account.error.code));
  const { synced } = job.total_so_far;
  const waitsForUser = job.accounts.some((account) => account.error?.code === "daily_allowance_spent");
  const problem = control.error ?? reconnect.error ?? redo.error;

  return (
    <Stack gap="xs">
      <Group gap="xs">
        {!hasEnded && !job.is_queue_paused && (
          <ControlButton
            control={control}
            action={isPaused ? "resume" : "pause"}
            label={isPaused ? t`Resume` : t`Pause`}
          />
        )}
        {job.status === "waiting" && !job.is_queue_paused && waitsForUser && (
          <ControlButton control={control} action="resume" label={t`Resume`} />
        )}
        {!hasEnded && <CancelButton control={control} jobId={job.job_id} />}
        <EndNotice job={job} />
        {job.status === "enriching" && <ControlButton control={control} action="cancel" label={t`Stop enriching`} />}
        {hasEnded && !isUndone && failed.length > 0 && (
          <ControlButton control={control} action="retry" label={t`Retry what failed`} />
        )}
        {hasEnded && !isUndone && needsConsent && (
          <Button loading={reconnect.isPending} onClick={() => reconnect.mutate()}>
            <Trans>Reconnect the bank and resume</Trans>
          </Button>
        )}
        {hasEnded && !isUndone && !job.is_dry_run && synced > 0 && (
          <Button renderRoot={(props) => <Link {...props} to="/transactions" search={{ job: job.job_id }} />}>
            <Trans>
              See the <Plural value={synced} one="# row" other="# rows" />
            </Trans>
          </Button>
        )}
        {job.is_dry_run && hasEnded && (
          <Button component={Link} to={`/imports/${job.job_id}/diff`}>
            <Trans>Review the changes</Trans>
          </Button>
        )}
        {hasEnded && !isUndone && !job.is_dry_run && <UndoButton job={job} />}
        {hasEnded && !isUndone && !job.is_dry_run && (
          <Button
            variant="default"
            renderRoot={(props) => <Link {...props} to="/schedules/new" search={{ connection: job.connection_id }} />}
          >
            <Trans>Schedule this</Trans>
          </Button>
        )}
        {isUndone && (
          <Button variant="default" loading={redo.isPending} onClick={() => redo.mutate()}>
            <Trans>Redo</Trans>
          </Button>
        )}
        {hasEnded && <EvidenceDownload jobId={job.job_id} />}
      </Group>
      {problem && <Problem error={problem} />}
    </Stack>
  );
}
