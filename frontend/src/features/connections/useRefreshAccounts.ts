import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import { accountQueries } from "../../api/connections";

/** Fetches the list of accounts and cards from the bank again. */
export function useRefreshAccounts(connectionId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      answered(
        api.POST("/api/truelayer/connections/{connection_id}/accounts/refresh", {
          params: { path: { connection_id: connectionId } },
        }),
      ),
    onSuccess: (answer) => client.setQueryData(accountQueries.of(connectionId).queryKey, answer.accounts),
  });
}
