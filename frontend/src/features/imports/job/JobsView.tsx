import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Card, Group, Stack, Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useQueries } from "@tanstack/react-query";
import { importQueries } from "../../../api/imports";
import type { ImportStatus } from "../../../api/types";
import { Figures } from "../../../components/Figures";
import { QueryState } from "../../../components/QueryState";
import { StatusBadge } from "../../../components/StatusBadge";
import { TextLink } from "../../../components/TextLink";
import { WorkBar } from "../../../components/WorkBar";
import { formatCount } from "../../../lib/formatCount";
import { useImportProgress } from "../../../realtime/useImportProgress";
import { isFinished } from "../isFinished";
import { AccountLanes } from "./AccountLanes";
import { JobActions } from "./JobActions";
import { JobView } from "./JobView";
import { stateOf } from "./stateOf";

/** The imports that were started together, one for each bank, with their figures in all. */
export function JobsView({ jobIds }: { jobIds: string[] }) {
  const [only, ...others] = jobIds;
  if (only !== undefined && others.length === 0) return <JobView jobId={only} />;
  return <Several jobIds={jobIds} />;
}

function Several({ jobIds }: { jobIds: string[] }) {
  const queries = useQueries({ queries: jobIds.map((jobId) => importQueries.status(jobId)) });
  const jobs = queries.flatMap((query) => query.data ?? []);
  return (
    <Stack>
      {jobs.length > 0 && <Summary jobs={jobs} of={jobIds.length} />}
      {jobIds.map((jobId) => (
        <BankPart key={jobId} jobId={jobId} />
      ))}
    </Stack>
  );
}

function Summary({ jobs, of }: { jobs: ImportStatus[]; of: number }) {
  const { percent, status } = stateOf(jobs);
  const sum = (count: (job: ImportStatus) => number) => formatCount(jobs.reduce((all, job) => all + count(job), 0));
  const words = t`${percent} %, ${{ isFinished: jobs.filter(isFinished).length }} of ${of} banks finished`;
  useDocumentTitle(`${words} · bankimport`);
  return (
    <Card component="section" aria-label={t`Progress of all banks`}>
      <Stack>
        <WorkBar percent={percent} status={status} of={t`all banks`} size="xl" />
        <Text aria-live="polite" fw={600}>
          {words}
        </Text>
        <Figures
          figures={[
            [t`New`, sum((job) => job.total_so_far.synced)],
            [t`Already stored`, sum((job) => job.total_so_far.duplicates)],
            [t`Rejected`, sum((job) => job.total_so_far.errors)],
            [t`Calls to the banks`, sum((job) => job.api_calls)],
          ]}
        />
      </Stack>
    </Card>
  );
}

/** One bank's import: its state, its actions and its accounts. */
function BankPart({ jobId }: { jobId: string }) {
  const { status } = useImportProgress(jobId);
  if (status.data === undefined) return <QueryState query={status} what={t`the import`} lines={2} />;
  const job = status.data;
  return (
    <Card component="section" aria-label={t`${{ bank: job.bank }}, import ${jobId}`}>
      <Stack>
        <QueryState query={status} what={t`the import`} />
        <Group gap="sm">
          <Title order={2} size="h4" style={{ overflowWrap: "anywhere" }}>
            {job.bank}
          </Title>
          <StatusBadge status={job.status} />
          <TextLink to="/imports/$jobId" params={{ jobId }}>
            <Trans>Import {jobId}</Trans>
          </TextLink>
        </Group>
        <JobActions job={job} />
        <AccountLanes job={job} />
      </Stack>
    </Card>
  );
}
