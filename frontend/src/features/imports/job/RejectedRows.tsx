import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Code, Table } from "@mantine/core";
import { IconMoodCheck } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { importQueries } from "../../../api/imports";
import type { ImportStatus } from "../../../api/types";
import { EmptyState } from "../../../components/EmptyState";
import { MoreButton } from "../../../components/MoreButton";
import { QueryState } from "../../../components/QueryState";
import { WideTable } from "../../../components/WideTable";

/** The rejected rows and the reasons: they could not be parsed, or their days were not requested. */
export function RejectedRows({ job }: { job: ImportStatus }) {
  const rejected = useInfiniteQuery(importQueries.rejected(job.job_id, job.total_so_far.errors));
  const names = new Map(job.accounts.map((account) => [account.account_id, account.display_name]));
  if (rejected.data === undefined) return <QueryState query={rejected} what={t`rejected rows`} />;
  const rows = rejected.data.pages.flatMap((page) => page.rejected);
  if (rows.length === 0) {
    return (
      <EmptyState icon={IconMoodCheck} title={t`No row was rejected`}>
        <Trans>All rows from the bank were accepted.</Trans>
      </EmptyState>
    );
  }
  return (
    <>
      <QueryState query={rejected} what={t`rejected rows`} />
      <WideTable minWidth={640}>
        <Table aria-label={t`Rejected rows`}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>
                <Trans>Account</Trans>
              </Table.Th>
              <Table.Th>
                <Trans>Answer</Trans>
              </Table.Th>
              <Table.Th ta="right">
                <Trans>Position</Trans>
              </Table.Th>
              <Table.Th>
                <Trans>Why</Trans>
              </Table.Th>
              <Table.Th>
                <Trans>Row from the bank</Trans>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row, index) => (
              <Table.Tr key={index}>
                <Table.Td>{names.get(row.account_id)}</Table.Td>
                <Table.Td data-label={t`Answer`}>{row.is_pending ? t`Pending rows` : t`Booked rows`}</Table.Td>
                <Table.Td data-label={t`Position`} ta="right">
                  {row.position}
                </Table.Td>
                <Table.Td data-label={t`Why`}>{row.reason}</Table.Td>
                <Table.Td data-label={t`Row from the bank`}>
                  <Code style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>{row.raw}</Code>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
      <MoreButton pages={rejected} />
    </>
  );
}
