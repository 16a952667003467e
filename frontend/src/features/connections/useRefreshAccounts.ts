import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import { accountQueries, connectionQueries, continuationQueries } from "../../api/connections";

/** Fetches the list of accounts and cards from the bank again. */
export function useRefreshAccounts(connectionId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      answered(
        api.POST("/api/truelayer/connections/{connection_id}/accounts/refresh", {
          params: { path: { connection_id: connectionId } },
        }),
      ),
    // Also after a failure, which may mean that the consent has ended. A login may turn out to be a known one.
    onSettled: async () => {
      for (const { all } of [connectionQueries, accountQueries, continuationQueries]) {
        await client.invalidateQueries({ queryKey: all });
      }
    },
  });
}
