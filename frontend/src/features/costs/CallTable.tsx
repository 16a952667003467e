import { Table, Text } from "@mantine/core";
import { EmptyState } from "../../components/EmptyState";
import { ErrorState } from "../../components/ErrorState";
import { LoadingState } from "../../components/LoadingState";
import { MoreButton } from "../../components/MoreButton";
import { When } from "../../components/When";
import type { RowsQuery } from "./costsSearch";
import { ImportLink } from "./ImportLink";
import { useCalls } from "./useCosts";

/** Calls to banks, newest first, as the ledger has them. */
export function CallTable({ query }: { query: RowsQuery }) {
  const calls = useCalls(query);
  if (calls.isPending) return <LoadingState what="calls" />;
  if (!calls.data) return <ErrorState error={calls.error} onRetry={() => void calls.refetch()} />;
  const rows = calls.data.pages.flatMap((page) => page.calls);
  if (rows.length === 0) return <EmptyState title="No call was sent" />;
  return (
    <>
      <Table.ScrollContainer minWidth={620}>
        <Table aria-label="Calls">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Sent</Table.Th>
              <Table.Th>Bank</Table.Th>
              <Table.Th>Asked for</Table.Th>
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
                    {call.attended ? "with you there" : "without you"}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <ImportLink jobId={call.job_id} />
                </Table.Td>
                <Table.Td>{call.error_code ?? call.status ?? "none came"}</Table.Td>
                <Table.Td ta="right">{call.elapsed_ms === null ? "–" : `${call.elapsed_ms} ms`}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <MoreButton pages={calls} />
    </>
  );
}
