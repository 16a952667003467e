import { ph, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Table, Text } from "@mantine/core";
import type { HistoryEntry } from "../../../api/types";
import { CostText } from "../../../components/CostText";
import { StatusBadge } from "../../../components/StatusBadge";
import { TextLink } from "../../../components/TextLink";
import { When } from "../../../components/When";
import { codeWords } from "../../../lib/codeWords";
import { formatDay } from "../../../lib/dates";
import { formatCount } from "../../../lib/formatCount";
import { formatDuration } from "../../../lib/formatDuration";
import { listed } from "../../../lib/listed";

/** Imports, newest first; narrow screens show only what distinguishes them. */
export function HistoryTable({ entries }: { entries: HistoryEntry[] }) {
  return (
    <Table.ScrollContainer minWidth={320}>
      <Table aria-label={t`Imports`}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>
              <Trans>Import</Trans>
            </Table.Th>
            <Table.Th>
              <Trans>Status</Trans>
            </Table.Th>
            <Table.Th visibleFrom="md">
              <Trans>Days</Trans>
            </Table.Th>
            <Table.Th ta="right" visibleFrom="md">
              <Trans>Accounts</Trans>
            </Table.Th>
            <Table.Th ta="right">
              <Trans>New</Trans>
            </Table.Th>
            <Table.Th ta="right" visibleFrom="md">
              <Trans>Already stored</Trans>
            </Table.Th>
            <Table.Th ta="right">
              <Trans>Rejected</Trans>
            </Table.Th>
            <Table.Th ta="right" visibleFrom="md">
              <Trans>Calls</Trans>
            </Table.Th>
            <Table.Th ta="right" visibleFrom="md">
              <Trans>Took</Trans>
            </Table.Th>
            <Table.Th ta="right" visibleFrom="md">
              <Trans>Costs</Trans>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {entries.map((entry) => (
            <Table.Tr key={entry.job_id}>
              <Table.Td>
                <TextLink size="sm" to="/imports/$jobId" params={{ jobId: entry.job_id }}>
                  {listed([entry.job_id, entry.bank])}
                </TextLink>
                <Text size="sm" c="dimmed">
                  <When at={entry.created_at} />
                </Text>
                <Text size="sm" hiddenFrom="md">
                  {days(entry)}
                </Text>
              </Table.Td>
              <Table.Td>
                <StatusBadge status={entry.status} />
                {entry.is_dry_run && (
                  <Text size="sm" c="dimmed">
                    <Trans>dry run</Trans>
                  </Text>
                )}
              </Table.Td>
              <Table.Td visibleFrom="md">
                {days(entry)}
                <Text size="sm" c="dimmed">
                  {codeWords(entry.job_type)}
                </Text>
              </Table.Td>
              <Table.Td ta="right" visibleFrom="md">
                <Trans>
                  {ph({ accountsSynced: entry.accounts_synced })} of {ph({ accountsTotal: entry.accounts_total })}
                </Trans>
              </Table.Td>
              <Table.Td ta="right">{formatCount(entry.transactions_imported)}</Table.Td>
              <Table.Td ta="right" visibleFrom="md">
                {formatCount(entry.duplicates)}
              </Table.Td>
              <Table.Td ta="right">{formatCount(entry.errors)}</Table.Td>
              <Table.Td ta="right" visibleFrom="md">
                {formatCount(entry.api_calls)}
              </Table.Td>
              <Table.Td ta="right" visibleFrom="md">
                {entry.duration_seconds === null ? "" : formatDuration(entry.duration_seconds)}
              </Table.Td>
              <Table.Td ta="right" visibleFrom="md">
                <CostText cost={entry.cost_in_parts} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function days({ date_range: { from, to } }: HistoryEntry): string {
  return `${formatDay(from)} – ${formatDay(to)}`;
}
