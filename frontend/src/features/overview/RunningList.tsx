import { Card, Stack, Text, Title } from "@mantine/core";
import type { Overview } from "../../api/types";
import { StatusBadge } from "../../components/StatusBadge";
import { TextLink } from "../../components/TextLink";
import { When } from "../../components/When";
import { WorkBar } from "../../components/WorkBar";
import { counted, formatCount } from "../../lib/formatCount";

const SHOWN = 4;

/** The imports in the queue. */
export function RunningList({ overview }: { overview: Overview }) {
  const shown = overview.running.slice(0, SHOWN);
  return (
    <Card component="section" aria-label="Running now">
      <Title order={2} size="h4" mb="xs">
        Running now
      </Title>
      {shown.length === 0 && <Text c="dimmed">No import is running.</Text>}
      <Stack gap="sm">
        {shown.map((job) => (
          <div key={job.job_id}>
            <TextLink to="/imports/$jobId" params={{ jobId: job.job_id }} mr="xs">
              {job.bank}
            </TextLink>
            <StatusBadge status={job.status} />
            <WorkBar percent={job.percent} status={job.status} of={`import ${job.job_id}`} size="sm" />
            <Text size="sm" c="dimmed">
              {job.percent} %, {formatCount(job.rows)} rows
              {job.estimated_completion && (
                <>
                  , ends <When at={job.estimated_completion} />
                </>
              )}
            </Text>
          </div>
        ))}
        {overview.running.length > SHOWN && (
          <TextLink to="/queue">{counted(overview.running.length - SHOWN, "more import")} in the queue</TextLink>
        )}
      </Stack>
    </Card>
  );
}
