import { useQueries, useQuery } from "@tanstack/react-query";
import { answered, api } from "./client";
import type { Account } from "./types";

/** Every account and card of every connection, with the bank it is at; `byId` finds one by its id. */
export function useAccounts() {
  const connections = useQuery({
    queryKey: ["connections"],
    queryFn: async () => (await answered(api.GET("/api/truelayer/connections"))).connections,
  });
  const lists = useQueries({
    queries: (connections.data ?? []).map((connection) => ({
      queryKey: ["accounts", connection.id],
      queryFn: async () => {
        const path = { connection_id: connection.id };
        const url = "/api/truelayer/connections/{connection_id}/accounts";
        return (await answered(api.GET(url, { params: { path } }))).accounts;
      },
    })),
  });
  const accounts: (Account & { bank: string; connection_id: number })[] = [];
  for (const [index, connection] of (connections.data ?? []).entries()) {
    for (const account of lists[index]?.data ?? []) {
      accounts.push({ ...account, bank: connection.bank, connection_id: connection.id });
    }
  }
  return {
    accounts,
    byId: new Map(accounts.map((account) => [account.account_id, account])),
    isPending: connections.isPending || lists.some((list) => list.isPending),
    error: connections.error ?? lists.find((list) => list.error)?.error ?? null,
  };
}
