import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../api/client";

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
    // Also after a failure, which may say that the consent has ended. A login may turn out to be a known one.
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: ["connections"] });
      await client.invalidateQueries({ queryKey: ["accounts"] });
      await client.invalidateQueries({ queryKey: ["continuations"] });
    },
  });
}
