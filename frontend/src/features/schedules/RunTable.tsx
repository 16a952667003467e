import type { MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Table, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { scheduleQueries } from "../../api/schedules";
import type { ScheduleRun } from "../../api/types";
import { MoreButton } from "../../components/MoreButton";
import { QueryState } from "../../components/QueryState";
import { StatusBadge } from "../../components/StatusBadge";
import { TextLink } from "../../components/TextLink";
import { When } from "../../components/When";
import { WideTable } from "../../components/WideTable";
import { formatCount } from "../../lib/formatCount";
import { formatDuration } from "../../lib/formatDuration";

const TRIGGERS: Record<ScheduleRun["trigger"], MessageDescriptor> = {
  time: msg`on time`,
  catch_up: msg`caught up`,
  user: msg`by you`,
};

/** The runs of a schedule: carried out, missed and skipped. */
export function RunTable({ scheduleId }: { scheduleId: string }) {
  const runs = useInfiniteQuery(scheduleQueries.runs(scheduleId));
  if (runs.data === undefined) return <QueryState query={runs} what={t`the history`} />;
  const rows = runs.data.pages.flatMap((page) => page.runs);
  if (rows.length === 0)
    return (
      <Text c="dimmed">
        <Trans>No runs yet.</Trans>
      </Text>
    );
  return (
    <>
      <WideTable minWidth={520}>
        <Table aria-label={t`Runs`}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>
                <Trans>Time</Trans>
              </Table.Th>
              <Table.Th>
                <Trans>State</Trans>
              </Table.Th>
              <Table.Th ta="right">
                <Trans>New rows</Trans>
              </Table.Th>
              <Table.Th ta="right">
                <Trans>Calls</Trans>
              </Table.Th>
              <Table.Th ta="right">
                <Trans>Took</Trans>
              </Table.Th>
              <Table.Th>
                <Trans>Import</Trans>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((run) => (
              <Table.Tr key={run.run_id}>
                <Table.Td>
                  <When at={run.scheduled_for} exact />
                  <Text size="xs" c="dimmed">
                    {t(TRIGGERS[run.trigger])}
                  </Text>
                </Table.Td>
                <Table.Td data-label={t`State`}>
                  <StatusBadge status={run.state} />
                  {run.reason && (
                    <Text size="xs" mt={4} maw={260}>
                      {run.reason}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td data-label={t`New rows`} ta="right">
                  {figure(run.transactions_imported)}
                </Table.Td>
                <Table.Td data-label={t`Calls`} ta="right">
                  {figure(run.api_calls)}
                </Table.Td>
                <Table.Td data-label={t`Took`} ta="right">
                  {run.duration_seconds === null ? "–" : formatDuration(run.duration_seconds)}
                </Table.Td>
                <Table.Td data-label={t`Import`}>
                  {run.job_id === null ? (
                    t`none`
                  ) : (
                    <TextLink inherit to="/imports/$jobId" params={{ jobId: run.job_id }}>
                      {run.job_id}
                    </TextLink>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
      <MoreButton pages={runs} />
    </>
  );
}

function figure(count: number | null): string {
  return count === null ? "–" : formatCount(count);
}
