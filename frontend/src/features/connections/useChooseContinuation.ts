import { type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import { accountQueries, continuationQueries } from "../../api/connections";
import { transactionQueries } from "../../api/transactions";

/** Saves whether an account continues the older one. */
export function useChooseContinuation() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ newId, oldId, choice }: { newId: string; oldId: string; choice: "continue" | "separate" }) =>
      answered(
        api.POST("/api/truelayer/accounts/{account_id}/continuation", {
          params: { path: { account_id: newId } },
          body: { old_account_id: oldId, choice },
        }),
      ),
    onSettled: () => refreshAll(client),
  });
}

/** Separates an account from the one that it continued; the other account exists again. */
export function useUndoContinuation() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (accountId: string) =>
      answered(
        api.DELETE("/api/truelayer/accounts/{account_id}/continuation", {
          params: { path: { account_id: accountId } },
        }),
      ),
    onSettled: () => refreshAll(client),
  });
}

async function refreshAll(client: QueryClient) {
  for (const { all } of [continuationQueries, accountQueries, transactionQueries]) {
    await client.invalidateQueries({ queryKey: all });
  }
}
