import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Alert, Group, Progress, Text } from "@mantine/core";
import { useEffect } from "react";
import { QueryState } from "../../components/QueryState";
import { TextLink } from "../../components/TextLink";
import { formatCount } from "../../lib/formatCount";
import { UndoButton } from "./JobControls";
import { percentOf } from "./jobWords";
import { isOpen, useEnrichmentJob } from "./useEnrichment";
import { useRefreshPreviews } from "./useRules";

/** The progress of a job that applies a rule, then its result and a button to undo it. */
export function AppliedJob({ jobId }: { jobId: string }) {
  const jobQuery = useEnrichmentJob(jobId);
  const job = jobQuery.data;
  const refresh = useRefreshPreviews();
  useEffect(refresh, [refresh, job?.job_status, job?.undone_at]);
  if (job === undefined) return <QueryState query={jobQuery} what={t`the progress`} />;
  const isDone = job.job_status === "completed";
  return (
    <Alert color={isDone ? "green" : isOpen(job) ? "blue" : "orange"} role="status">
      <Group justify="space-between">
        <Text size="sm">
          {job.undone_at !== null
            ? t`Undone: ${plural({ changed: job.changed }, { one: "# row", other: "# rows" })} had changed.`
            : isDone
              ? t`Applied: ${plural({ changed: job.changed }, { one: "# row", other: "# rows" })} changed.`
              : isOpen(job)
                ? t`Applying: ${{ processed: formatCount(job.processed) }} of ${plural({ totalTransactions: job.total_transactions }, { one: "# row", other: "# rows" })}.`
                : (job.error_message ?? t`The job is ${{ jobStatus: job.job_status }}.`)}{" "}
          <TextLink inherit underline="always" to="/enrichment/jobs/$jobId" params={{ jobId }}>
            <Trans>Enrichment {jobId}</Trans>
          </TextLink>
        </Text>
        {job.is_undoable && <UndoButton job={job} />}
      </Group>
      {isOpen(job) && <Progress mt="xs" value={percentOf(job)} aria-label={t`Progress of enrichment ${jobId}`} />}
    </Alert>
  );
}
