import { Button, Card, Group, Progress, Stack, Text } from "@mantine/core";
import { Problem } from "../../components/Problem";
import { StatusBadge } from "../../components/StatusBadge";
import { formatMoney } from "../../lib/formatMoney";
import { type Control, type EnrichmentJob, useControl } from "./useEnrichment";

const CONTROLS: Record<string, Control[]> = {
  queued: ["pause", "cancel"],
  running: ["pause", "cancel"],
  waiting: ["pause", "cancel"],
  paused: ["resume", "cancel"],
  stopped: ["resume", "cancel"],
  failed: ["resume"],
};

const WORDS: Record<Control, string> = { pause: "Pause", resume: "Resume", cancel: "Cancel" };

function costOf(job: EnrichmentJob): string {
  if (job.calls === 0) return "no model was asked";
  if (job.total_cost === null || job.currency === null) return `${job.calls} calls of unknown cost`;
  return `${formatMoney(job.total_cost, job.currency)} for ${job.calls} calls`;
}

/** The newest enrichment jobs, how far they are, and what they cost. */
export function EnrichmentJobs({ jobs }: { jobs: EnrichmentJob[] }) {
  const control = useControl();
  return (
    <Stack>
      {control.error && <Problem error={control.error} />}
      {jobs.map((job) => {
        const share = job.total_transactions ? (100 * job.processed) / job.total_transactions : 100;
        return (
          <Card key={job.id} withBorder>
            <Group justify="space-between">
              <Group gap="sm">
                <Text fw={600}>
                  Enrichment {job.id}
                  {job.import_job_id && ` of import ${job.import_job_id}`}
                </Text>
                <StatusBadge status={job.job_status} />
              </Group>
              <Group gap="xs">
                {(CONTROLS[job.job_status] ?? []).map((name) => (
                  <Button
                    key={name}
                    size="sm"
                    variant="default"
                    aria-label={`${WORDS[name]} enrichment ${job.id}`}
                    onClick={() => control.mutate({ id: job.id, control: name })}
                  >
                    {WORDS[name]}
                  </Button>
                ))}
              </Group>
            </Group>
            <Progress value={share} my="xs" aria-label={`Progress of enrichment ${job.id}`} />
            <Text size="sm" c="dimmed">
              {job.processed} of {job.total_transactions} rows, {job.successful} with a category, {job.failed} without a
              good answer; {costOf(job)}
            </Text>
            {job.error_message && <Text size="sm">{job.error_message}</Text>}
          </Card>
        );
      })}
    </Stack>
  );
}
