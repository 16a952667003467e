import { ph, plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Table, Text } from "@mantine/core";
import type { Account } from "../../api/types";
import { Money } from "../../components/Money";
import { When } from "../../components/When";
import { formatDay } from "../../lib/dates";
import { formatCount } from "../../lib/formatCount";
import { listed } from "../../lib/listed";
import { NicknameButton } from "./NicknameButton";

/** A bank's accounts and cards, with their stored days. */
export function AccountTable({ bank, accounts }: { bank: string; accounts: Account[] }) {
  if (accounts.length === 0)
    return (
      <Text c="dimmed">
        <Trans>The bank returned no accounts or cards.</Trans>
      </Text>
    );
  return (
    <Table.ScrollContainer minWidth={300}>
      <Table aria-label={t`Accounts and cards of ${bank}`}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>
              <Trans>Account</Trans>
            </Table.Th>
            <Table.Th ta="right">
              <Trans>Balance</Trans>
            </Table.Th>
            <Table.Th ta="right" visibleFrom="md">
              <Trans>Rows</Trans>
            </Table.Th>
            <Table.Th visibleFrom="md">
              <Trans>Stored days</Trans>
            </Table.Th>
            <Table.Th visibleFrom="md">
              <Trans>Last synced</Trans>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {accounts.map((account) => (
            <Table.Tr key={account.account_id}>
              <Table.Td>
                {account.display_name} <NicknameButton account={account} />
                <Text size="sm" c="dimmed">
                  {listed([
                    account.last_digits
                      ? t`${{ kind: account.kind }} ending in ${{ lastDigits: account.last_digits }}`
                      : account.kind,
                    account.missing_since !== null && t`no longer listed by the bank`,
                    account.also_through.length > 0 && t`shared: another login reads it too`,
                  ])}
                </Text>
                <Text size="sm" c="dimmed" hiddenFrom="md">
                  {account.last_synced_at === null ? (
                    t`${{ stored: storedWords(account) }}; never synced`
                  ) : (
                    <Trans>
                      {ph({ stored: storedWords(account) })}; last synced <When at={account.last_synced_at} />
                    </Trans>
                  )}
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
                  t`unknown`
                )}
              </Table.Td>
              <Table.Td ta="right" visibleFrom="md">
                {formatCount(account.coverage.transactions)}
              </Table.Td>
              <Table.Td visibleFrom="md">{heldDays(account)}</Table.Td>
              <Table.Td visibleFrom="md">
                {account.last_synced_at ? <When at={account.last_synced_at} /> : t`never`}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function storedWords(account: Account): string {
  const rows = plural({ transactions: account.coverage.transactions }, { one: "# row", other: "# rows" });
  return listed([rows, heldDays(account)]);
}

function heldDays(account: Account): string {
  return listed(account.coverage.held.map((days) => `${formatDay(days.from)} – ${formatDay(days.to)}`)) || t`no days`;
}
