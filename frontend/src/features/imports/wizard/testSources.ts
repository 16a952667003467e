/** Banks and accounts as the wizard offers them, for its tests. */
import { t } from "@lingui/core/macro";
import type { Account, Connection } from "../../../api/types";
import type { Source } from "./choice";

export function anAccount(id: string, more: Partial<Account> = {}): Account {
  return {
    account_id: id,
    connection_id: "1",
    display_name: t`Account ${id}`,
    kind: "account",
    currency: "GBP",
    balance: null,
    last_digits: null,
    last_synced_at: null,
    missing_since: null,
    coverage: { held: [], held_days: 0, refused: [] },
    ...more,
  } as unknown as Account;
}

export function aSource(
  id: string,
  bank: string,
  accounts: Account[],
  status: Connection["status"] = "active",
): Source {
  const connection = { id, bank, status } as unknown as Connection;
  return { bank: connection, accounts: accounts.map((account) => ({ ...account, connection_id: id })) };
}
