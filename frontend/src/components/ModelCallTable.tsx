import { ph, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Table, Text } from "@mantine/core";
import type { components } from "../api/schema.gen";
import { formatCount } from "../lib/formatCount";
import { formatMoney } from "../lib/formatMoney";
import { StatusBadge } from "./StatusBadge";
import { TextLink } from "./TextLink";
import { When } from "./When";
import { WideTable } from "./WideTable";

type Call = components["schemas"]["LlmCallRead"];
type Props = { calls: (Call & { job_id?: string | null })[]; isOfOneJob?: boolean };

/** Requests to models with their tokens, duration, cost and prompt version. */
export function ModelCallTable({ calls, isOfOneJob = false }: Props) {
  return (
    <WideTable minWidth={820}>
      <Table aria-label={t`Calls to models`}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>
              <Trans>Sent</Trans>
            </Table.Th>
            <Table.Th>
              <Trans>Model</Trans>
            </Table.Th>
            {!isOfOneJob && (
              <Table.Th>
                <Trans>For</Trans>
              </Table.Th>
            )}
            <Table.Th>
              <Trans>Answer</Trans>
            </Table.Th>
            <Table.Th ta="right">
              <Trans>Merchants</Trans>
            </Table.Th>
            <Table.Th ta="right">
              <Trans>Tokens in</Trans>
            </Table.Th>
            <Table.Th ta="right">
              <Trans>Cached</Trans>
            </Table.Th>
            <Table.Th ta="right">
              <Trans>Tokens out</Trans>
            </Table.Th>
            <Table.Th ta="right">
              <Trans>Took</Trans>
            </Table.Th>
            <Table.Th ta="right">
              <Trans>Cost</Trans>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {calls.map((call) => (
            <Table.Tr key={call.id}>
              <Table.Td>
                <When at={call.called_at} exact />
              </Table.Td>
              <Table.Td data-label={t`Model`}>
                {call.model}
                <Text size="xs" c="dimmed">
                  <Trans>prompt {ph({ promptVersion: call.prompt_version })}</Trans>
                </Text>
              </Table.Td>
              {!isOfOneJob && (
                <Table.Td data-label={t`For`}>
                  <WhatFor enrichment={call.enrichment_job_id} job={call.job_id ?? null} />
                </Table.Td>
              )}
              <Table.Td data-label={t`Answer`}>
                <StatusBadge status={call.status} />
                {call.error && (
                  <Text size="xs" c="dimmed">
                    {call.error}
                  </Text>
                )}
              </Table.Td>
              <Table.Td data-label={t`Merchants`} ta="right">
                {formatCount(call.merchants)}
              </Table.Td>
              <Table.Td data-label={t`Tokens in`} ta="right">
                {formatCount(call.input_tokens)}
              </Table.Td>
              <Table.Td data-label={t`Cached`} ta="right">
                {formatCount(call.cached_tokens)}
              </Table.Td>
              <Table.Td data-label={t`Tokens out`} ta="right">
                {formatCount(call.output_tokens)}
              </Table.Td>
              <Table.Td data-label={t`Took`} ta="right">
                {call.latency_ms === null ? "–" : t`${{ latencyMs: formatCount(call.latency_ms) }} ms`}
              </Table.Td>
              <Table.Td data-label={t`Cost`} ta="right">
                {call.amount === null || call.currency === null ? t`unknown` : formatMoney(call.amount, call.currency)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}

function WhatFor({ enrichment, job }: { enrichment: string | null; job: string | null }) {
  if (enrichment === null) return t`an evaluation`;
  return (
    <>
      <TextLink inherit to="/enrichment/jobs/$jobId" params={{ jobId: enrichment }}>
        <Trans>enrichment {enrichment}</Trans>
      </TextLink>
      {job !== null && (
        <>
          {", "}
          <TextLink inherit to="/imports/$jobId" params={{ jobId: job }}>
            <Trans>import {job}</Trans>
          </TextLink>
        </>
      )}
    </>
  );
}
