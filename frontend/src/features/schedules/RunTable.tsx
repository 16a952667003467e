import { Table, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { scheduleQueries } from "../../api/schedules";
import type { ScheduleRun } from "../../api/types";
import { MoreButton } from "../../components/MoreButton";
import { QueryState } from "../../components/QueryState";
import { StatusBadge } from "../../components/StatusBadge";
import { TextLink } from "../../components/TextLink";
import { When } from "../../components/When";
import { formatCount } from "../../lib/formatCount";
import { formatDuration } from "../../lib/formatDuration";

const TRIGGERS: Record<ScheduleRun["trigger"], string> = {
  time: "on time",
  catch_up: "caught up",
  user: "by you",
};

/** The runs of a schedule: carried out, missed and skipped. */
export function RunTable({ scheduleId }: { scheduleId: string }) {
  const runs = useInfiniteQuery(scheduleQueries.runs(scheduleId));
  if (runs.data === undefined) return <QueryState query={runs} what="the history" />;
  const rows = runs.data.pages.flatMap((page) => page.runs);
  if (rows.length === 0) return <Text c="dimmed">No runs yet.</Text>;
  return (
    <>
      <Table.ScrollContainer minWidth={520}>
        <Table aria-label="Runs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Time</Table.Th>
              <Table.Th>State</Table.Th>
              <Table.Th ta="right">New rows</Table.Th>
              <Table.Th ta="right">Calls</Table.Th>
              <Table.Th ta="right">Took</Table.Th>
              <Table.Th>Import</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((run) => (
              <Table.Tr key={run.run_id}>
                <Table.Td>
                  <When at={run.scheduled_for} exact />
                  <Text size="xs" c="dimmed">
                    {TRIGGERS[run.trigger]}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <StatusBadge status={run.state} />
                  {run.reason && (
                    <Text size="xs" mt={4} maw={260}>
                      {run.reason}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td ta="right">{figure(run.transactions_imported)}</Table.Td>
                <Table.Td ta="right">{figure(run.api_calls)}</Table.Td>
                <Table.Td ta="right">
                  {run.duration_seconds === null ? "–" : formatDuration(run.duration_seconds)}
                </Table.Td>
                <Table.Td>
                  {run.job_id === null ? (
                    "none"
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
      </Table.ScrollContainer>
      <MoreButton pages={runs} />
    </>
  );
}

function figure(count: number | null): string {
  return count === null ? "–" : formatCount(count);
}
