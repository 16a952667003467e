import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Table, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { costQueries } from "../../api/costs";
import { PagedRows } from "../../components/PagedRows";
import { When } from "../../components/When";
import { WideTable } from "../../components/WideTable";
import { formatMoney } from "../../lib/formatMoney";
import type { RowsQuery } from "./costsSearch";
import { ImportLink } from "./ImportLink";

/** Charged connection months, newest first, with the call that began each. */
export function ConnectionMonthTable({ query }: { query: RowsQuery }) {
  return (
    <PagedRows
      pages={useInfiniteQuery(costQueries.connectionMonths(query))}
      what={t`connection months`}
      empty={t`No connection month began in these days`}
      rowsOf={(page) => page.connection_months}
    >
      {(rows) => (
        <>
          <Text size="sm" c="dimmed" mb="sm">
            <Trans>
              A connection month begins with the first answered call in a calendar month (UTC). All further calls that
              month are free.
            </Trans>
          </Text>
          <WideTable minWidth={520}>
            <Table aria-label={t`Connection months`}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>
                    <Trans>Month</Trans>
                  </Table.Th>
                  <Table.Th>
                    <Trans>Bank</Trans>
                  </Table.Th>
                  <Table.Th>
                    <Trans>Started</Trans>
                  </Table.Th>
                  <Table.Th>
                    <Trans>By import</Trans>
                  </Table.Th>
                  <Table.Th ta="right">
                    <Trans>Cost</Trans>
                  </Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {rows.map((row) => (
                  <Table.Tr key={row.call_id}>
                    <Table.Td>{row.month}</Table.Td>
                    <Table.Td data-label={t`Bank`}>{row.bank}</Table.Td>
                    <Table.Td data-label={t`Started`}>
                      <When at={row.begun_at} exact />
                    </Table.Td>
                    <Table.Td data-label={t`By import`}>
                      <ImportLink jobId={row.job_id} />
                    </Table.Td>
                    <Table.Td data-label={t`Cost`} ta="right">
                      {row.amount === null || row.currency === null
                        ? t`unknown`
                        : formatMoney(row.amount, row.currency)}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </WideTable>
        </>
      )}
    </PagedRows>
  );
}
