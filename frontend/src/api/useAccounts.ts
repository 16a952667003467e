import { t } from "@lingui/core/macro";
import { useQueries, useQuery } from "@tanstack/react-query";
import { accountQueries, connectionQueries } from "./connections";
import type { Account } from "./types";

/** Every account and card of every connection, with the bank it is at; `byId` finds one by its id, `nameOf` names it. */
export function useAccounts() {
  const connections = useQuery(connectionQueries.list());
  const banks = connections.data ?? [];
  const lists = useQueries({ queries: banks.map((connection) => accountQueries.of(connection.id)) });
  const accounts: (Account & { bank: string; connection_id: string })[] = [];
  for (const [index, connection] of banks.entries()) {
    for (const account of lists[index]?.data ?? []) {
      accounts.push({ ...account, bank: connection.bank, connection_id: connection.id });
    }
  }
  const queries = [connections, ...lists];
  const byId = new Map(accounts.map((account) => [account.account_id, account]));
  const isPending = queries.some((query) => query.isPending);
  return {
    accounts,
    byId,
    /** The account's name; while the accounts load only dots, and never its id. */
    nameOf: (id: string) => byId.get(id)?.display_name ?? (isPending ? "…" : t`an account that was removed`),
    isPending,
    error: queries.find((query) => query.error)?.error ?? null,
    data: queries.every((query) => query.data) ? accounts : undefined,
    dataUpdatedAt: Math.min(...queries.map((query) => query.dataUpdatedAt)),
    refetch: () => Promise.all(queries.filter((query) => query.error).map((query) => query.refetch())),
  };
}
