import { ph, t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Alert, Card, Progress, Stack, Text } from "@mantine/core";
import { Figures } from "../../components/Figures";
import { Listed } from "../../components/Listed";
import { PageHeader } from "../../components/PageHeader";
import { QueryState } from "../../components/QueryState";
import { StatusBadge } from "../../components/StatusBadge";
import { TextLink } from "../../components/TextLink";
import { When } from "../../components/When";
import { workColour } from "../../components/WorkBar";
import { formatCount } from "../../lib/formatCount";
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
        title={t`Enrichment ${jobId}`}
        badge={job.data && <StatusBadge status={job.data.undone_at === null ? job.data.job_status : "undone"} />}
        actions={job.data && <JobControls job={job.data} />}
      >
        {job.data && <Scope job={job.data} />}
      </PageHeader>
      <EnrichmentNav />
      <QueryState query={job} what={t`the enrichment`} />
      {job.data && <Details job={job.data} />}
    </>
  );
}

function Scope({ job }: { job: EnrichmentJob }) {
  if (job.rule_id !== null) {
    return (
      <>
        <Trans>
          Applies{" "}
          <TextLink inherit underline="always" to="/enrichment/rules/$ruleId" params={{ ruleId: job.rule_id }}>
            rule {ph({ ruleId: job.rule_id })}
          </TextLink>{" "}
          to the matching rows.
        </Trans>
      </>
    );
  }
  if (job.import_job_id !== null) {
    return (
      <>
        <Trans>
          Of the rows of{" "}
          <TextLink inherit underline="always" to="/imports/$jobId" params={{ jobId: job.import_job_id }}>
            import {ph({ importJobId: job.import_job_id })}
          </TextLink>
          .
        </Trans>
      </>
    );
  }
  return (
    <>
      {job.is_refresh
        ? t`Answers from another model or an older prompt are requested again.`
        : t`All rows stored when the job was created.`}
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
          title={isHeld ? t`Why it is waiting` : t`What happened`}
        >
          {job.error_message}
        </Alert>
      )}
      {job.enrich_at !== null && job.started_at === null && (
        <Alert color="blue" role="status">
          <Trans>
            Starts <When at={job.enrich_at} />.
          </Trans>
        </Alert>
      )}
      {job.next_attempt_at !== null && (
        <Alert color="yellow" role="status">
          {job.job_status === "stopped" ? (
            <Trans>
              The monthly cap resets then; the job resumes automatically <When at={job.next_attempt_at} />.
            </Trans>
          ) : (
            <Trans>
              The model's provider asked us to wait; the job resumes automatically <When at={job.next_attempt_at} />.
            </Trans>
          )}
        </Alert>
      )}
      <Card component="section" aria-label={t`Progress`}>
        <Text size="sm" mb={4} aria-live="polite">
          <Trans>
            {ph({ processed: formatCount(job.processed) })} of{" "}
            <Plural value={{ totalTransactions: job.total_transactions }} one="# row" other="# rows" />, {percent} %
          </Trans>
        </Text>
        <Progress
          value={percent}
          color={workColour(job.job_status)}
          size="lg"
          mb="md"
          aria-label={t`Progress of enrichment ${{ job: job.id }}`}
        />
        <Figures
          figures={[
            [t`With a category`, formatCount(job.successful)],
            [t`Changed`, <ChangedRows key="changed" job={job} />],
            [t`Without a good answer`, formatCount(job.failed)],
            [t`Cached answers used`, formatCount(job.cached_hits)],
          ]}
        />
      </Card>
      <Card component="section" aria-label={t`Cost`}>
        {job.uses_model ? (
          <Figures
            figures={[
              [t`Cost`, costWords(job)],
              [t`Tokens`, formatCount(job.total_tokens)],
              [
                t`Cap`,
                job.cap === null || job.cap_currency === null ? t`none` : formatMoney(job.cap, job.cap_currency),
              ],
              [
                t`Left of the cap`,
                job.cap_left === null || job.cap_currency === null ? "–" : formatMoney(job.cap_left, job.cap_currency),
              ],
            ]}
          />
        ) : (
          <Text size="sm">
            <Trans>This job calls no model and is free.</Trans>
          </Text>
        )}
      </Card>
      {job.uses_model && <JobCalls job={job} />}
      <Text size="sm" c="dimmed" component="div">
        <Listed>
          <Trans>
            Made <When at={job.created_at} />
          </Trans>
          {job.started_at !== null && (
            <Trans>
              begun <When at={job.started_at} />
            </Trans>
          )}
          {job.completed_at !== null && (
            <Trans>
              ended <When at={job.completed_at} />
            </Trans>
          )}
          {job.undone_at !== null && (
            <Trans>
              undone <When at={job.undone_at} />
            </Trans>
          )}
        </Listed>
      </Text>
    </Stack>
  );
}
