import { ph, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Group, Stack, Tabs, Text, Title } from "@mantine/core";
import { QueryState } from "../../../components/QueryState";
import { StatusBadge } from "../../../components/StatusBadge";
import { codeWords } from "../../../lib/codeWords";
import { formatDay } from "../../../lib/dates";
import { formatCount } from "../../../lib/formatCount";
import { LiveBadge } from "../../../realtime/LiveBadge";
import { useImportProgress } from "../../../realtime/useImportProgress";
import { isFinished } from "../isFinished";
import { QueuePausedAlert } from "../QueuePausedAlert";
import { AccountLanes } from "./AccountLanes";
import { EventTimeline } from "./EventTimeline";
import { JobActions } from "./JobActions";
import { JobProgress } from "./JobProgress";
import { RejectedRows } from "./RejectedRows";

/** The status of an import, and its actions. */
export function JobView({ jobId }: { jobId: string }) {
  const { status } = useImportProgress(jobId);
  if (status.data === undefined) return <QueryState query={status} what={t`the import`} />;
  const job = status.data;
  return (
    <Stack>
      <QueryState query={status} what={t`the import`} />
      <Group gap="sm">
        <Title order={2} size="h4">
          {job.bank}
        </Title>
        <StatusBadge status={job.status} />
        <Text c="dimmed">
          {formatDay(job.date_range.from)} – {formatDay(job.date_range.to)}, {codeWords(job.job_type)}
        </Text>
        {!isFinished(job) && <LiveBadge />}
        {job.is_dry_run && <StatusBadge status={t`dry run`} />}
      </Group>
      {job.is_queue_paused && !isFinished(job) && <QueuePausedAlert />}
      <JobActions job={job} />
      <JobProgress job={job} />
      <Tabs defaultValue="accounts" keepMounted={false}>
        <Tabs.List aria-label={t`Parts of the import`} mb="md">
          <Tabs.Tab value="accounts">
            <Trans>Accounts</Trans>
          </Tabs.Tab>
          <Tabs.Tab value="events">
            <Trans>Events</Trans>
          </Tabs.Tab>
          <Tabs.Tab value="rejected">
            <Trans>Rejected rows ({ph({ errors: formatCount(job.total_so_far.errors) })})</Trans>
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="accounts">
          <AccountLanes job={job} />
        </Tabs.Panel>
        <Tabs.Panel value="events">
          <EventTimeline job={job} />
        </Tabs.Panel>
        <Tabs.Panel value="rejected">
          <RejectedRows job={job} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}
