import { Checkbox, Stack, Table, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import type { Account } from "../../../api/types";
import { Money } from "../../../components/Money";
import { When } from "../../../components/When";
import { formatCount } from "../../../lib/formatCount";
import { type Change, type Choice, chosenOf } from "./choice";

type Props = { choice: Choice; accounts: Account[]; onChange: (change: Change) => void };

const MANY = 8;

/** Chooses the bank's accounts and cards; many can be filtered, and those shown be chosen together. */
export function AccountsStep({ choice, accounts, onChange }: Props) {
  const chosen = new Set(chosenOf(choice, accounts).map((row) => row.account_id));
  const [typed, setTyped] = useState("");
  const wanted = typed.trim().toLowerCase();
  const shown = accounts.filter((row) =>
    `${row.display_name} ${row.kind} ${row.currency} ${row.last_digits ?? ""}`.toLowerCase().includes(wanted),
  );
  const chosenShown = shown.filter((row) => chosen.has(row.account_id)).length;
  const isAll = chosenShown === shown.length;
  function choose(ids: string[], isOn: boolean) {
    const next = accounts.map((row) => row.account_id).filter((id) => (ids.includes(id) ? isOn : chosen.has(id)));
    onChange({ accounts: next.length === accounts.length ? undefined : next });
  }
  return (
    <Stack>
      {accounts.length > MANY && (
        <TextInput
          label="Filter"
          placeholder="Name, currency or last digits"
          maw={320}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      )}
      {shown.length > 0 && (
        <Checkbox
          label={wanted === "" ? `All ${accounts.length} accounts and cards` : `All ${shown.length} shown`}
          checked={isAll}
          indeterminate={!isAll && chosenShown > 0}
          onChange={() =>
            choose(
              shown.map((row) => row.account_id),
              !isAll,
            )
          }
        />
      )}
      <Text size="sm" c="dimmed" aria-live="polite">
        {shown.length === 0 ? "No account fits the filter; " : ""}
        {chosen.size} of {accounts.length} chosen
      </Text>
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
            {shown.map((account) => (
              <Table.Tr key={account.account_id}>
                <Table.Td>
                  <Checkbox
                    label={account.display_name}
                    description={
                      account.last_digits ? `${account.kind} ending in ${account.last_digits}` : account.kind
                    }
                    checked={chosen.has(account.account_id)}
                    onChange={(event) => choose([account.account_id], event.currentTarget.checked)}
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
