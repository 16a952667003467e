import { Table, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { costQueries } from "../../api/costs";
import { PagedRows } from "../../components/PagedRows";
import { StatusBadge } from "../../components/StatusBadge";
import { TextLink } from "../../components/TextLink";
import { When } from "../../components/When";
import { costInWords } from "../../lib/costInWords";
import { formatCount } from "../../lib/formatCount";
import { formatDuration } from "../../lib/formatDuration";
import type { RowsQuery } from "./costsSearch";

/** Imports, newest first, planned beside actual. */
export function ImportTable({ query }: { query: RowsQuery }) {
  return (
    <PagedRows
      pages={useInfiniteQuery(costQueries.imports(query))}
      what="imports"
      empty="No imports"
      rowsOf={(page) => page.imports}
    >
      {(rows) => (
        <Table.ScrollContainer minWidth={760}>
          <Table aria-label="Imports">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Import</Table.Th>
                <Table.Th>Started</Table.Th>
                <Table.Th>Status</Table.Th>
                <Table.Th ta="right">Calls of planned</Table.Th>
                <Table.Th ta="right">Rows of planned</Table.Th>
                <Table.Th ta="right">Time of planned</Table.Th>
                <Table.Th ta="right">Cost, and planned</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map(({ job_id, bank, started_at, status, planned, actual, planned_cost, cost }) => (
                <Table.Tr key={job_id}>
                  <Table.Td>
                    <TextLink inherit underline="always" to="/imports/$jobId" params={{ jobId: job_id }}>
                      {job_id}
                    </TextLink>{" "}
                    {bank}
                  </Table.Td>
                  <Table.Td>
                    <When at={started_at} exact />
                  </Table.Td>
                  <Table.Td>
                    <StatusBadge status={status} />
                  </Table.Td>
                  <Table.Td ta="right">{`${formatCount(actual.api_calls)} of ${formatCount(planned.api_calls)}`}</Table.Td>
                  <Table.Td ta="right">
                    {`${formatCount(actual.transactions)} of ${formatCount(planned.transactions)}`}
                  </Table.Td>
                  <Table.Td ta="right">
                    {`${formatDuration(actual.duration_seconds)} of ${formatDuration(planned.duration_seconds)}`}
                  </Table.Td>
                  <Table.Td ta="right">
                    {costInWords(cost)}
                    {planned_cost && (
                      <Text size="xs" c="dimmed">
                        {costInWords(planned_cost)} planned
                      </Text>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </PagedRows>
  );
}
