import { Alert, Group, Progress, Text } from "@mantine/core";
import { useEffect } from "react";
import { QueryState } from "../../components/QueryState";
import { TextLink } from "../../components/TextLink";
import { counted, formatCount } from "../../lib/formatCount";
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
  if (job === undefined) return <QueryState query={jobQuery} what="the progress" />;
  const isDone = job.job_status === "completed";
  return (
    <Alert color={isDone ? "green" : isOpen(job) ? "blue" : "orange"} role="status">
      <Group justify="space-between">
        <Text size="sm">
          {job.undone_at !== null
            ? `Undone: ${counted(job.changed, "row")} had changed.`
            : isDone
              ? `Applied: ${counted(job.changed, "row")} changed.`
              : isOpen(job)
                ? `Applying: ${formatCount(job.processed)} of ${counted(job.total_transactions, "row")}.`
                : (job.error_message ?? `The job is ${job.job_status}.`)}{" "}
          <TextLink inherit underline="always" to="/enrichment/jobs/$jobId" params={{ jobId }}>
            Enrichment {jobId}
          </TextLink>
        </Text>
        {job.is_undoable && <UndoButton job={job} />}
      </Group>
      {isOpen(job) && <Progress mt="xs" value={percentOf(job)} aria-label={`Progress of enrichment ${jobId}`} />}
    </Alert>
  );
}
