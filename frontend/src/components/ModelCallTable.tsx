import { Table, Text } from "@mantine/core";
import type { components } from "../api/schema.gen";
import { formatCount } from "../lib/formatCount";
import { formatMoney } from "../lib/formatMoney";
import { StatusBadge } from "./StatusBadge";
import { TextLink } from "./TextLink";
import { When } from "./When";

type Call = components["schemas"]["LlmCallRead"];
type Props = { calls: (Call & { job_id?: string | null })[]; isOfOneJob?: boolean };

/** Requests to models with their tokens, duration, cost and prompt version. */
export function ModelCallTable({ calls, isOfOneJob = false }: Props) {
  return (
    <Table.ScrollContainer minWidth={820}>
      <Table aria-label="Calls to models">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Sent</Table.Th>
            <Table.Th>Model</Table.Th>
            {!isOfOneJob && <Table.Th>For</Table.Th>}
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
          {calls.map((call) => (
            <Table.Tr key={call.id}>
              <Table.Td>
                <When at={call.called_at} exact />
              </Table.Td>
              <Table.Td>
                {call.model}
                <Text size="xs" c="dimmed">
                  prompt {call.prompt_version}
                </Text>
              </Table.Td>
              {!isOfOneJob && (
                <Table.Td>
                  <WhatFor enrichment={call.enrichment_job_id} job={call.job_id ?? null} />
                </Table.Td>
              )}
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
  );
}

function WhatFor({ enrichment, job }: { enrichment: string | null; job: string | null }) {
  if (enrichment === null) return "an evaluation";
  return (
    <>
      <TextLink inherit to="/enrichment/jobs/$jobId" params={{ jobId: enrichment }}>
        enrichment {enrichment}
      </TextLink>
      {job !== null && (
        <>
          {", "}
          <TextLink inherit to="/imports/$jobId" params={{ jobId: job }}>
            import {job}
          </TextLink>
        </>
      )}
    </>
  );
}
