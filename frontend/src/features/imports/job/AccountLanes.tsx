import { Table } from "@mantine/core";
import type { ImportStatus } from "../../../api/types";
import { useNow } from "../../../lib/useNow";
import { AccountLane } from "./AccountLane";
import { useControlImport } from "./useControlImport";

/** A lane for each account: its status, progress, rows and actions. */
export function AccountLanes({ job }: { job: ImportStatus }) {
  const control = useControlImport(job.job_id);
  const now = useNow(1_000);
  return (
    <Table.ScrollContainer minWidth={320}>
      <Table aria-label="Accounts" verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Account</Table.Th>
            <Table.Th w={180} visibleFrom="sm">
              Progress
            </Table.Th>
            <Table.Th ta="right">New</Table.Th>
            <Table.Th ta="right" visibleFrom="sm">
              Already stored
            </Table.Th>
            <Table.Th ta="right" visibleFrom="md">
              Rejected
            </Table.Th>
            <Table.Th ta="right" visibleFrom="md">
              Rows/s
            </Table.Th>
            <Table.Th aria-label="Actions" />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {job.accounts.map((account) => (
            <AccountLane key={account.account_id} job={job} account={account} control={control} now={now} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
