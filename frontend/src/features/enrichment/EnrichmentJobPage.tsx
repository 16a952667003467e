import { Alert, Card, Progress, Stack, Text } from "@mantine/core";
import { Figures } from "../../components/Figures";
import { PageHeader } from "../../components/PageHeader";
import { QueryState } from "../../components/QueryState";
import { StatusBadge } from "../../components/StatusBadge";
import { TextLink } from "../../components/TextLink";
import { When } from "../../components/When";
import { workColour } from "../../components/WorkBar";
import { counted, formatCount } from "../../lib/formatCount";
import { formatMoney } from "../../lib/formatMoney";
import { EnrichmentNav } from "./EnrichmentNav";
import { JobCalls } from "./JobCalls";
import { JobControls } from "./JobControls";
import { costWords, percentOf } from "./jobWords";
import { type EnrichmentJob, useEnrichmentJob } from "./useEnrichment";

/** One enrichment job: its progress, results, and cost against its cap. */
export function EnrichmentJobPage({ jobId }: { jobId: string }) {
  const job = useEnrichmentJob(jobId);
  return (
    <>
      <PageHeader
        title={`Enrichment ${jobId}`}
        badge={job.data && <StatusBadge status={job.data.undone_at === null ? job.data.job_status : "undone"} />}
        actions={job.data && <JobControls job={job.data} />}
      >
        {job.data && <Scope job={job.data} />}
      </PageHeader>
      <EnrichmentNav />
      <QueryState query={job} what="the enrichment" />
      {job.data && <Details job={job.data} />}
    </>
  );
}

function Scope({ job }: { job: EnrichmentJob }) {
  if (job.rule_id !== null) {
    return (
      <>
        Applies{" "}
        <TextLink inherit underline="always" to="/enrichment/rules/$ruleId" params={{ ruleId: job.rule_id }}>
          rule {job.rule_id}
        </TextLink>{" "}
        to the matching rows.
      </>
    );
  }
  if (job.import_job_id !== null) {
    return (
      <>
        Of the rows of{" "}
        <TextLink inherit underline="always" to="/imports/$jobId" params={{ jobId: job.import_job_id }}>
          import {job.import_job_id}
        </TextLink>
        .
      </>
    );
  }
  return (
    <>
      {job.is_refresh
        ? "Answers from another model or an older prompt are requested again."
        : "All rows stored when the job was created."}
    </>
  );
}

/** The number of rows it changed, as a link to them. */
function ChangedRows({ job }: { job: EnrichmentJob }) {
  if (job.changed === 0) return <>0</>;
  return (
    <TextLink inherit underline="always" to="/transactions" search={{ enrichment: job.id }}>
      {formatCount(job.changed)}
    </TextLink>
  );
}

function Details({ job }: { job: EnrichmentJob }) {
  const percent = percentOf(job);
  const isHeld = job.job_status === "stopped" || job.job_status === "failed";
  return (
    <Stack>
      {job.error_message && (
        <Alert
          color={isHeld ? "orange" : "yellow"}
          role="status"
          title={isHeld ? "Why it is waiting" : "What happened"}
        >
          {job.error_message}
        </Alert>
      )}
      {job.enrich_at !== null && job.started_at === null && (
        <Alert color="blue" role="status">
          Starts <When at={job.enrich_at} />.
        </Alert>
      )}
      {job.next_attempt_at !== null && (
        <Alert color="yellow" role="status">
          {job.job_status === "stopped" ? "The monthly cap resets then" : "The model's provider asked us to wait"}; the
          job resumes automatically <When at={job.next_attempt_at} />.
        </Alert>
      )}
      <Card component="section" aria-label="Progress">
        <Text size="sm" mb={4} aria-live="polite">
          {formatCount(job.processed)} of {counted(job.total_transactions, "row")}, {percent} %
        </Text>
        <Progress
          value={percent}
          color={workColour(job.job_status)}
          size="lg"
          mb="md"
          aria-label={`Progress of enrichment ${job.id}`}
        />
        <Figures
          figures={[
            ["With a category", formatCount(job.successful)],
            ["Changed", <ChangedRows key="changed" job={job} />],
            ["Without a good answer", formatCount(job.failed)],
            ["Cached answers used", formatCount(job.cached_hits)],
          ]}
        />
      </Card>
      <Card component="section" aria-label="Cost">
        {job.uses_model ? (
          <Figures
            figures={[
              ["Cost", costWords(job)],
              ["Tokens", formatCount(job.total_tokens)],
              ["Cap", job.cap === null || job.cap_currency === null ? "none" : formatMoney(job.cap, job.cap_currency)],
              [
                "Left of the cap",
                job.cap_left === null || job.cap_currency === null ? "–" : formatMoney(job.cap_left, job.cap_currency),
              ],
            ]}
          />
        ) : (
          <Text size="sm">This job calls no model and is free.</Text>
        )}
      </Card>
      {job.uses_model && <JobCalls job={job} />}
      <Text size="sm" c="dimmed" component="div">
        Made <When at={job.created_at} />
        {job.started_at !== null && (
          <>
            , begun <When at={job.started_at} />
          </>
        )}
        {job.completed_at !== null && (
          <>
            , ended <When at={job.completed_at} />
          </>
        )}
        {job.undone_at !== null && (
          <>
            , undone <When at={job.undone_at} />
          </>
        )}
        .
      </Text>
    </Stack>
  );
}
