import { Table, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { costQueries } from "../../api/costs";
import { PagedRows } from "../../components/PagedRows";
import { When } from "../../components/When";
import type { RowsQuery } from "./costsSearch";
import { ImportLink } from "./ImportLink";

/** Calls to banks from the ledger, newest first. */
export function CallTable({ query }: { query: RowsQuery }) {
  return (
    <PagedRows
      pages={useInfiniteQuery(costQueries.calls(query))}
      what="calls"
      empty="No calls"
      rowsOf={(page) => page.calls}
    >
      {(rows) => (
        <Table.ScrollContainer minWidth={620}>
          <Table aria-label="Calls">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Sent</Table.Th>
                <Table.Th>Bank</Table.Th>
                <Table.Th>Request</Table.Th>
                <Table.Th>Import</Table.Th>
                <Table.Th>Answer</Table.Th>
                <Table.Th ta="right">Took</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((call) => (
                <Table.Tr key={call.id}>
                  <Table.Td>
                    <When at={call.called_at} exact />
                  </Table.Td>
                  <Table.Td>{call.bank}</Table.Td>
                  <Table.Td>
                    {call.endpoint.replaceAll("_", " ")}
                    <Text size="xs" c="dimmed">
                      {call.attended
                        ? "you were present"
                        : call.in_consent_window
                          ? "right after your consent"
                          : "unattended"}
                    </Text>
                  </Table.Td>
                  <Table.Td>
                    <ImportLink jobId={call.job_id} />
                  </Table.Td>
                  <Table.Td>{call.error_code ?? call.status ?? "no answer"}</Table.Td>
                  <Table.Td ta="right">{call.elapsed_ms === null ? "–" : `${call.elapsed_ms} ms`}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </PagedRows>
  );
}
