import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
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
      <Table aria-label={t`Accounts`} verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>
              <Trans>Account</Trans>
            </Table.Th>
            <Table.Th w={180} visibleFrom="sm">
              <Trans>Progress</Trans>
            </Table.Th>
            <Table.Th ta="right">
              <Trans>New</Trans>
            </Table.Th>
            <Table.Th ta="right" visibleFrom="sm">
              <Trans>Already stored</Trans>
            </Table.Th>
            <Table.Th ta="right" visibleFrom="md">
              <Trans>Rejected</Trans>
            </Table.Th>
            <Table.Th ta="right" visibleFrom="md">
              <Trans>Rows/s</Trans>
            </Table.Th>
            <Table.Th aria-label={t`Actions`} />
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
