import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Table } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { costQueries } from "../../api/costs";
import { PagedRows } from "../../components/PagedRows";
import { StatusBadge } from "../../components/StatusBadge";
import { TextLink } from "../../components/TextLink";
import { When } from "../../components/When";
import { WideTable } from "../../components/WideTable";
import { costInWords } from "../../lib/costInWords";
import { formatCount } from "../../lib/formatCount";
import type { RowsQuery } from "./costsSearch";
import { ImportLink } from "./ImportLink";

/** Enrichments that used cached answers, newest first, and their calls to models. */
export function EnrichmentTable({ query }: { query: RowsQuery }) {
  return (
    <PagedRows
      pages={useInfiniteQuery(costQueries.enrichments(query))}
      what={t`enrichments`}
      empty={t`No enrichment used cached answers`}
      rowsOf={(page) => page.enrichments}
    >
      {(rows) => (
        <WideTable minWidth={620}>
          <Table aria-label={t`Enrichments`}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>
                  <Trans>Enrichment</Trans>
                </Table.Th>
                <Table.Th>
                  <Trans>Import</Trans>
                </Table.Th>
                <Table.Th>
                  <Trans>Began</Trans>
                </Table.Th>
                <Table.Th>
                  <Trans>Status</Trans>
                </Table.Th>
                <Table.Th ta="right">
                  <Trans>Rows</Trans>
                </Table.Th>
                <Table.Th ta="right">
                  <Trans>From cache</Trans>
                </Table.Th>
                <Table.Th ta="right">
                  <Trans>Calls to models</Trans>
                </Table.Th>
                <Table.Th ta="right">
                  <Trans>Cost</Trans>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((row) => (
                <Table.Tr key={row.enrichment_job_id}>
                  <Table.Td>
                    <TextLink inherit to="/enrichment/jobs/$jobId" params={{ jobId: row.enrichment_job_id }}>
                      {row.enrichment_job_id}
                    </TextLink>
                  </Table.Td>
                  <Table.Td data-label={t`Import`}>
                    <ImportLink jobId={row.job_id} />
                  </Table.Td>
                  <Table.Td data-label={t`Began`}>
                    <When at={row.started_at} exact />
                  </Table.Td>
                  <Table.Td data-label={t`Status`}>
                    <StatusBadge status={row.status} />
                  </Table.Td>
                  <Table.Td data-label={t`Rows`} ta="right">
                    {formatCount(row.transactions)}
                  </Table.Td>
                  <Table.Td data-label={t`From cache`} ta="right">
                    {formatCount(row.from_memory)}
                  </Table.Td>
                  <Table.Td data-label={t`Calls to models`} ta="right">
                    {formatCount(row.llm_calls)}
                  </Table.Td>
                  <Table.Td data-label={t`Cost`} ta="right">
                    {costInWords(row.cost)}
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
