import { Table } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { costQueries } from "../../api/costs";
import { PagedRows } from "../../components/PagedRows";
import { StatusBadge } from "../../components/StatusBadge";
import { TextLink } from "../../components/TextLink";
import { When } from "../../components/When";
import { costInWords } from "../../lib/costInWords";
import { formatCount } from "../../lib/formatCount";
import type { RowsQuery } from "./costsSearch";
import { ImportLink } from "./ImportLink";

/** Enrichments that used cached answers, newest first, and their calls to models. */
export function EnrichmentTable({ query }: { query: RowsQuery }) {
  return (
    <PagedRows
      pages={useInfiniteQuery(costQueries.enrichments(query))}
      what="enrichments"
      empty="No enrichment used cached answers"
      rowsOf={(page) => page.enrichments}
    >
      {(rows) => (
        <Table.ScrollContainer minWidth={620}>
          <Table aria-label="Enrichments">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Enrichment</Table.Th>
                <Table.Th>Import</Table.Th>
                <Table.Th>Began</Table.Th>
                <Table.Th>Status</Table.Th>
                <Table.Th ta="right">Rows</Table.Th>
                <Table.Th ta="right">From cache</Table.Th>
                <Table.Th ta="right">Calls to models</Table.Th>
                <Table.Th ta="right">Cost</Table.Th>
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
                  <Table.Td>
                    <ImportLink jobId={row.job_id} />
                  </Table.Td>
                  <Table.Td>
                    <When at={row.started_at} exact />
                  </Table.Td>
                  <Table.Td>
                    <StatusBadge status={row.status} />
                  </Table.Td>
                  <Table.Td ta="right">{formatCount(row.transactions)}</Table.Td>
                  <Table.Td ta="right">{formatCount(row.from_memory)}</Table.Td>
                  <Table.Td ta="right">{formatCount(row.llm_calls)}</Table.Td>
                  <Table.Td ta="right">{costInWords(row.cost)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </PagedRows>
  );
}
