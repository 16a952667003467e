import { msg, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Table } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { costQueries } from "../../api/costs";
import { PagedRows } from "../../components/PagedRows";
import { TextLink } from "../../components/TextLink";
import { When } from "../../components/When";
import { WideTable } from "../../components/WideTable";
import { formatMoney } from "../../lib/formatMoney";
import type { RowsQuery } from "./costsSearch";
import { ImportLink } from "./ImportLink";

const WORDS = {
  connection_month: msg`a connection's month`,
  calls: msg`a call to a bank`,
  enrichment: msg`a call to a model`,
};

/** All charges, newest first; their sum is the total spent. */
export function ChargeTable({ query }: { query: RowsQuery }) {
  return (
    <PagedRows
      pages={useInfiniteQuery(costQueries.charges(query))}
      what={t`charges`}
      empty={t`No charges`}
      rowsOf={(page) => page.charges}
    >
      {(rows) => (
        <WideTable minWidth={620}>
          <Table aria-label={t`Charges`}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>
                  <Trans>When</Trans>
                </Table.Th>
                <Table.Th>
                  <Trans>Paid for</Trans>
                </Table.Th>
                <Table.Th>
                  <Trans>Bank or model</Trans>
                </Table.Th>
                <Table.Th>
                  <Trans>Import</Trans>
                </Table.Th>
                <Table.Th>
                  <Trans>Enrichment</Trans>
                </Table.Th>
                <Table.Th ta="right">
                  <Trans>Cost</Trans>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((row) => (
                <Table.Tr key={`${row.what} ${row.id}`}>
                  <Table.Td>
                    <When at={row.charged_at} exact />
                  </Table.Td>
                  <Table.Td data-label={t`Paid for`}>{t(WORDS[row.what])}</Table.Td>
                  <Table.Td data-label={t`Bank or model`}>{row.charged_by}</Table.Td>
                  <Table.Td data-label={t`Import`}>
                    <ImportLink jobId={row.job_id} />
                  </Table.Td>
                  <Table.Td data-label={t`Enrichment`}>
                    {row.enrichment_job_id === null ? (
                      t`none`
                    ) : (
                      <TextLink inherit to="/enrichment/jobs/$jobId" params={{ jobId: row.enrichment_job_id }}>
                        {row.enrichment_job_id}
                      </TextLink>
                    )}
                  </Table.Td>
                  <Table.Td data-label={t`Cost`} ta="right">
                    {row.amount === null || row.currency === null ? t`unknown` : formatMoney(row.amount, row.currency)}
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
