import { ph, plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Card, Group, Progress, Text, Title } from "@mantine/core";
import { Listed } from "../../components/Listed";
import { StatusBadge } from "../../components/StatusBadge";
import { TextLink } from "../../components/TextLink";
import { When } from "../../components/When";
import { workColour } from "../../components/WorkBar";
import { formatCount } from "../../lib/formatCount";
import { listed } from "../../lib/listed";
import { JobControls } from "./JobControls";
import { costWords, percentOf, scopeWords } from "./jobWords";
import type { EnrichmentJob } from "./useEnrichment";

/** An enrichment job in a list: its progress, changes, cost and actions. */
export function JobCard({ job }: { job: EnrichmentJob }) {
  return (
    <Card component="article" aria-label={t`Enrichment ${{ job: job.id }}`}>
      <Group justify="space-between" align="flex-start">
        <div>
          <Group gap="sm">
            <Title order={2} size="h5">
              <TextLink inherit to="/enrichment/jobs/$jobId" params={{ jobId: job.id }}>
                <Trans>Enrichment {ph({ job: job.id })}</Trans>
              </TextLink>
            </Title>
            <StatusBadge status={job.undone_at === null ? job.job_status : "undone"} />
          </Group>
          <Text size="sm" c="dimmed" component="div">
            <Listed>
              {scopeWords(job)}
              <When at={job.completed_at ?? job.started_at ?? job.created_at} />
            </Listed>
          </Text>
        </div>
        <JobControls job={job} />
      </Group>
      <Progress
        value={percentOf(job)}
        color={workColour(job.job_status)}
        my="xs"
        aria-label={t`Progress of enrichment ${{ job: job.id }}`}
      />
      <Text size="sm" c="dimmed">
        {t`${{ progress: progressWords(job) }}; ${{ cost: costWords(job) }}`}
      </Text>
      {job.error_message && <Text size="sm">{job.error_message}</Text>}
    </Card>
  );
}

function progressWords(job: EnrichmentJob): string {
  const total = plural({ totalTransactions: job.total_transactions }, { one: "# row", other: "# rows" });
  return listed([
    t`${{ processed: formatCount(job.processed) }} of ${total}`,
    t`${{ successful: formatCount(job.successful) }} with a category`,
    t`${{ changed: formatCount(job.changed) }} changed`,
    job.failed > 0 && t`${{ failed: formatCount(job.failed) }} without a good answer`,
  ]);
}
