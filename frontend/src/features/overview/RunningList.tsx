import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Card, Stack, Text, Title } from "@mantine/core";
import type { Overview } from "../../api/types";
import { Listed } from "../../components/Listed";
import { StatusBadge } from "../../components/StatusBadge";
import { TextLink } from "../../components/TextLink";
import { When } from "../../components/When";
import { WorkBar } from "../../components/WorkBar";
import { formatCount } from "../../lib/formatCount";

const SHOWN = 4;

/** The imports in the queue. */
export function RunningList({ overview }: { overview: Overview }) {
  const shown = overview.running.slice(0, SHOWN);
  return (
    <Card component="section" aria-label={t`Running now`}>
      <Title order={2} size="h4" mb="xs">
        <Trans>Running now</Trans>
      </Title>
      {shown.length === 0 && (
        <Text c="dimmed">
          <Trans>No import is running.</Trans>
        </Text>
      )}
      <Stack gap="sm">
        {shown.map((job) => (
          <div key={job.job_id}>
            <TextLink to="/imports/$jobId" params={{ jobId: job.job_id }} mr="xs">
              {job.bank}
            </TextLink>
            <StatusBadge status={job.status} />
            <WorkBar percent={job.percent} status={job.status} of={t`import ${{ jobId: job.job_id }}`} size="sm" />
            <Text size="sm" c="dimmed">
              <Listed>
                {t`${{ percent: job.percent }} %`}
                {t`${{ rows: formatCount(job.rows) }} rows`}
                {job.estimated_completion && (
                  <Trans>
                    ends <When at={job.estimated_completion} />
                  </Trans>
                )}
              </Listed>
            </Text>
          </div>
        ))}
        {overview.running.length > SHOWN && (
          <TextLink to="/queue">
            <Trans>
              <Plural value={{ running: overview.running.length - SHOWN }} one="# more import" other="# more imports" />{" "}
              in the queue
            </Trans>
          </TextLink>
        )}
      </Stack>
    </Card>
  );
}
