import { Table, Text } from "@mantine/core";
import { EmptyState } from "../../components/EmptyState";
import { ErrorState } from "../../components/ErrorState";
import { LoadingState } from "../../components/LoadingState";
import { MoreButton } from "../../components/MoreButton";
import { StatusBadge } from "../../components/StatusBadge";
import { When } from "../../components/When";
import { formatCount } from "../../lib/formatCount";
import { formatMoney } from "../../lib/formatMoney";
import type { RowsQuery } from "./costsSearch";
import { ImportLink } from "./ImportLink";
import { useLlmCalls } from "./useCosts";

/** Requests to models, newest first, with their tokens and what they cost. */
export function LlmCallTable({ query }: { query: RowsQuery }) {
  const calls = useLlmCalls(query);
  if (calls.isPending) return <LoadingState what="calls to models" />;
  if (!calls.data) return <ErrorState error={calls.error} onRetry={() => void calls.refetch()} />;
  const rows = calls.data.pages.flatMap((page) => page.llm_calls);
  if (rows.length === 0) return <EmptyState title="No model was asked" />;
  return (
    <>
      <Table.ScrollContainer minWidth={820}>
        <Table aria-label="Calls to models">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Sent</Table.Th>
              <Table.Th>Model</Table.Th>
              <Table.Th>Import</Table.Th>
              <Table.Th>Answer</Table.Th>
              <Table.Th ta="right">Merchants</Table.Th>
              <Table.Th ta="right">Tokens in</Table.Th>
              <Table.Th ta="right">Cached</Table.Th>
              <Table.Th ta="right">Tokens out</Table.Th>
              <Table.Th ta="right">Took</Table.Th>
              <Table.Th ta="right">Cost</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((call) => (
              <Table.Tr key={call.id}>
                <Table.Td>
                  <When at={call.called_at} exact />
                </Table.Td>
                <Table.Td>
                  {call.model}
                  <Text size="xs" c="dimmed">
                    {call.enrichment_job_id === null ? "an evaluation" : `enrichment ${call.enrichment_job_id}`}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <ImportLink jobId={call.job_id} />
                </Table.Td>
                <Table.Td>
                  <StatusBadge status={call.status} />
                  {call.error && (
                    <Text size="xs" c="dimmed">
                      {call.error}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td ta="right">{formatCount(call.merchants)}</Table.Td>
                <Table.Td ta="right">{formatCount(call.input_tokens)}</Table.Td>
                <Table.Td ta="right">{formatCount(call.cached_tokens)}</Table.Td>
                <Table.Td ta="right">{formatCount(call.output_tokens)}</Table.Td>
                <Table.Td ta="right">{call.latency_ms === null ? "–" : `${formatCount(call.latency_ms)} ms`}</Table.Td>
                <Table.Td ta="right">
                  {call.amount === null || call.currency === null ? "unknown" : formatMoney(call.amount, call.currency)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <MoreButton pages={calls} />
    </>
  );
}
