import { Progress, Stack, Text } from "@mantine/core";
import { LoadingState } from "../../components/LoadingState";
import { PageHeader } from "../../components/PageHeader";
import { Problem } from "../../components/Problem";
import { StatusBadge } from "../../components/StatusBadge";
import { formatDay, formatInstant } from "../../lib/formatDay";
import { LiveBadge } from "../../realtime/LiveBadge";
import { useImportProgress } from "../../realtime/useImportProgress";
import { AccountImportRow } from "./AccountImportRow";
import { ImportControls } from "./ImportControls";
import { isFinished } from "./useImports";

export function ImportJobPage({ jobId }: { jobId: number }) {
  const { status } = useImportProgress(jobId);
  if (status.isPending) return <LoadingState what="import" />;
  if (status.data === undefined) return <Problem error={status.error} />;
  const job = status.data;
  const { synced, duplicates, errors } = job.total_so_far;
  return (
    <Stack>
      <PageHeader title={`Import ${job.job_id}`} badge={<StatusBadge status={job.status} />}>
        {formatDay(job.date_range.from)} – {formatDay(job.date_range.to)}
      </PageHeader>
      {!isFinished(job) && <LiveBadge />}
      {status.error && <Problem error={status.error} />}
      <ImportControls job={job} />
      <Progress
        value={job.progress.percent}
        size="lg"
        aria-label={`${job.progress.percent} percent of the import`}
        animated={!isFinished(job)}
      />
      <Text aria-live="polite">
        {job.progress.completed_accounts} of {job.progress.total_accounts} accounts; {synced} rows new, {duplicates}{" "}
        held already, {errors} errors; {job.api_calls} calls to the bank.
        {job.estimated_completion && ` Done at about ${formatInstant(job.estimated_completion)}.`}
      </Text>
      {job.accounts.map((account) => (
        <AccountImportRow key={account.account_id} account={account} />
      ))}
    </Stack>
  );
}
