import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Table, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { costQueries } from "../../api/costs";
import { PagedRows } from "../../components/PagedRows";
import { When } from "../../components/When";
import { WideTable } from "../../components/WideTable";
import type { RowsQuery } from "./costsSearch";
import { ImportLink } from "./ImportLink";

/** Calls to banks from the ledger, newest first. */
export function CallTable({ query }: { query: RowsQuery }) {
  return (
    <PagedRows
      pages={useInfiniteQuery(costQueries.calls(query))}
      what={t`calls`}
      empty={t`No calls`}
      rowsOf={(page) => page.calls}
    >
      {(rows) => (
        <WideTable minWidth={620}>
          <Table aria-label={t`Calls`}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>
                  <Trans>Sent</Trans>
                </Table.Th>
                <Table.Th>
                  <Trans>Bank</Trans>
                </Table.Th>
                <Table.Th>
                  <Trans>Request</Trans>
                </Table.Th>
                <Table.Th>
                  <Trans>Import</Trans>
                </Table.Th>
                <Table.Th>
                  <Trans>Answer</Trans>
                </Table.Th>
                <Table.Th ta="right">
                  <Trans>Took</Trans>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((call) => (
                <Table.Tr key={call.id}>
                  <Table.Td>
                    <When at={call.called_at} exact />
                  </Table.Td>
                  <Table.Td data-label={t`Bank`}>{call.bank}</Table.Td>
                  <Table.Td data-label={t`Request`}>
                    {call.endpoint.replaceAll("_", " ")}
                    <Text size="xs" c="dimmed">
                      {call.attended
                        ? t`you were present`
                        : call.in_consent_window
                          ? t`right after your consent`
                          : t`unattended`}
                    </Text>
                  </Table.Td>
                  <Table.Td data-label={t`Import`}>
                    <ImportLink jobId={call.job_id} />
                  </Table.Td>
                  <Table.Td data-label={t`Answer`}>{call.error_code ?? call.status ?? t`no answer`}</Table.Td>
                  <Table.Td data-label={t`Took`} ta="right">
                    {call.elapsed_ms === null ? "–" : t`${{ elapsedMs: call.elapsed_ms }} ms`}
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
