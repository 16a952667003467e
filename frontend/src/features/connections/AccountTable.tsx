import { Table, Text } from "@mantine/core";
import type { Account } from "../../api/types";
import { Money } from "../../components/Money";
import { When } from "../../components/When";
import { formatDay } from "../../lib/dates";
import { counted, formatCount } from "../../lib/formatCount";
import { NicknameButton } from "./NicknameButton";

/** A bank's accounts and cards, with their stored days. */
export function AccountTable({ bank, accounts }: { bank: string; accounts: Account[] }) {
  if (accounts.length === 0) return <Text c="dimmed">The bank returned no accounts or cards.</Text>;
  return (
    <Table.ScrollContainer minWidth={300}>
      <Table aria-label={`Accounts and cards of ${bank}`}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Account</Table.Th>
            <Table.Th ta="right">Balance</Table.Th>
            <Table.Th ta="right" visibleFrom="md">
              Rows
            </Table.Th>
            <Table.Th visibleFrom="md">Stored days</Table.Th>
            <Table.Th visibleFrom="md">Last synced</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {accounts.map((account) => (
            <Table.Tr key={account.account_id}>
              <Table.Td>
                {account.display_name} <NicknameButton account={account} />
                <Text size="sm" c="dimmed">
                  {account.kind}
                  {account.last_digits && ` ending in ${account.last_digits}`}
                  {account.missing_since && ", no longer listed by the bank"}
                  {account.also_through.length > 0 && ", shared: another login reads it too"}
                </Text>
                <Text size="sm" c="dimmed" hiddenFrom="md">
                  {counted(account.coverage.transactions, "row")}, {heldDays(account)}; last synced{" "}
                  {account.last_synced_at ? <When at={account.last_synced_at} /> : "never"}
                </Text>
              </Table.Td>
              <Table.Td ta="right">
                {account.balance ? (
                  <>
                    <Money amount={account.balance.current} currency={account.currency} isBalance />
                    {account.balance.at && (
                      <Text size="sm" c="dimmed">
                        <When at={account.balance.at} />
                      </Text>
                    )}
                  </>
                ) : (
                  "unknown"
                )}
              </Table.Td>
              <Table.Td ta="right" visibleFrom="md">
                {formatCount(account.coverage.transactions)}
              </Table.Td>
              <Table.Td visibleFrom="md">{heldDays(account)}</Table.Td>
              <Table.Td visibleFrom="md">
                {account.last_synced_at ? <When at={account.last_synced_at} /> : "never"}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function heldDays(account: Account): string {
  return account.coverage.held.map((days) => `${formatDay(days.from)} – ${formatDay(days.to)}`).join(", ") || "no days";
}
