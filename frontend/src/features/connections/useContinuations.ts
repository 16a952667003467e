import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../api/client";

/** Accounts that look like older ones which the bank moved to a new provider id. */
export function useContinuations() {
  return useQuery({
    queryKey: ["continuations"],
    queryFn: async () => (await answered(api.GET("/api/truelayer/accounts/continuations"))).continuations,
  });
}

/** Say whether an account continues the older one. */
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
    onSettled: async () => {
      for (const key of ["continuations", "accounts", "transactions"]) await client.invalidateQueries({ queryKey: [key] });
    },
  });
}
