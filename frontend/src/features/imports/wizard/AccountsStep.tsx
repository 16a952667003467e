import { Checkbox, Stack, Table, Text } from "@mantine/core";
import type { Account } from "../../../api/types";
import { Money } from "../../../components/Money";
import { When } from "../../../components/When";
import { formatCount } from "../../../lib/formatCount";
import { type Change, type Choice, chosenOf } from "./choice";

type Props = { choice: Choice; accounts: Account[]; onChange: (change: Change) => void };

/** Chooses the bank's accounts and cards. */
export function AccountsStep({ choice, accounts, onChange }: Props) {
  const chosen = new Set(chosenOf(choice, accounts).map((row) => row.account_id));
  const isAll = chosen.size === accounts.length;
  function choose(ids: string[]) {
    onChange({ accounts: ids.length === accounts.length ? undefined : ids });
  }
  return (
    <Stack>
      <Checkbox
        label={`All ${accounts.length} accounts and cards`}
        checked={isAll}
        indeterminate={!isAll && chosen.size > 0}
        onChange={() => choose(isAll ? [] : accounts.map((row) => row.account_id))}
      />
      <Table.ScrollContainer minWidth={320}>
        <Table aria-label="Accounts and cards">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Account</Table.Th>
              <Table.Th visibleFrom="sm">Currency</Table.Th>
              <Table.Th ta="right">Balance</Table.Th>
              <Table.Th ta="right">Stored days</Table.Th>
              <Table.Th visibleFrom="sm">Last synced</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {accounts.map((account) => (
              <Table.Tr key={account.account_id}>
                <Table.Td>
                  <Checkbox
                    label={account.display_name}
                    description={
                      account.last_digits ? `${account.kind} ending in ${account.last_digits}` : account.kind
                    }
                    checked={chosen.has(account.account_id)}
                    onChange={(event) =>
                      choose(
                        accounts
                          .map((row) => row.account_id)
                          .filter((id) => (id === account.account_id ? event.currentTarget.checked : chosen.has(id))),
                      )
                    }
                  />
                </Table.Td>
                <Table.Td visibleFrom="sm">{account.currency}</Table.Td>
                <Table.Td ta="right">
                  {account.balance ? (
                    <Money amount={account.balance.current} currency={account.currency} isBalance />
                  ) : (
                    "unknown"
                  )}
                </Table.Td>
                <Table.Td ta="right">{formatCount(account.coverage.held_days)}</Table.Td>
                <Table.Td visibleFrom="sm">
                  {account.last_synced_at ? <When at={account.last_synced_at} /> : "never"}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {chosen.size === 0 && (
        <Text c="red" role="alert">
          Choose at least one account or card.
        </Text>
      )}
    </Stack>
  );
}
