import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import { accountQueries } from "../../api/connections";

/** Ask the bank again which accounts and cards there are. */
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
