import { ph, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Table, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { costQueries } from "../../api/costs";
import { PagedRows } from "../../components/PagedRows";
import { StatusBadge } from "../../components/StatusBadge";
import { TextLink } from "../../components/TextLink";
import { When } from "../../components/When";
import { WideTable } from "../../components/WideTable";
import { costInWords } from "../../lib/costInWords";
import { formatCount } from "../../lib/formatCount";
import { formatDuration } from "../../lib/formatDuration";
import type { RowsQuery } from "./costsSearch";

/** Imports, newest first, planned beside actual. */
export function ImportTable({ query }: { query: RowsQuery }) {
  return (
    <PagedRows
      pages={useInfiniteQuery(costQueries.imports(query))}
      what={t`imports`}
      empty={t`No imports`}
      rowsOf={(page) => page.imports}
    >
      {(rows) => (
        <WideTable minWidth={760}>
          <Table aria-label={t`Imports`}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>
                  <Trans>Import</Trans>
                </Table.Th>
                <Table.Th>
                  <Trans>Started</Trans>
                </Table.Th>
                <Table.Th>
                  <Trans>Status</Trans>
                </Table.Th>
                <Table.Th ta="right">
                  <Trans>Calls of planned</Trans>
                </Table.Th>
                <Table.Th ta="right">
                  <Trans>Rows of planned</Trans>
                </Table.Th>
                <Table.Th ta="right">
                  <Trans>Time of planned</Trans>
                </Table.Th>
                <Table.Th ta="right">
                  <Trans>Cost, and planned</Trans>
                </Table.Th>
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
                  <Table.Td data-label={t`Started`}>
                    <When at={started_at} exact />
                  </Table.Td>
                  <Table.Td data-label={t`Status`}>
                    <StatusBadge status={status} />
                  </Table.Td>
                  <Table.Td
                    data-label={t`Calls of planned`}
                    ta="right"
                  >{t`${{ apiCalls: formatCount(actual.api_calls) }} of ${{ apiCalls2: formatCount(planned.api_calls) }}`}</Table.Td>
                  <Table.Td data-label={t`Rows of planned`} ta="right">
                    {t`${{ transactions: formatCount(actual.transactions) }} of ${{ transactions2: formatCount(planned.transactions) }}`}
                  </Table.Td>
                  <Table.Td data-label={t`Time of planned`} ta="right">
                    {t`${{ durationSeconds: formatDuration(actual.duration_seconds) }} of ${{ durationSeconds2: formatDuration(planned.duration_seconds) }}`}
                  </Table.Td>
                  <Table.Td data-label={t`Cost, and planned`} ta="right">
                    {costInWords(cost)}
                    {planned_cost && (
                      <Text size="xs" c="dimmed">
                        <Trans>{ph({ plannedCost: costInWords(planned_cost) })} planned</Trans>
                      </Text>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </WideTable>
      )}
    </PagedRows>
  );
}
