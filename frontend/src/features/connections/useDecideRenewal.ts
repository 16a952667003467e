import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import { accountQueries, connectionQueries } from "../../api/connections";

type Decision = "replace" | "add" | "cancel";

/** Saves what to do with a renewal that returned with another login. */
export function useDecideRenewal(connectionId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (decision: Decision) =>
      answered(
        api.POST("/api/truelayer/connections/{connection_id}/renewal", {
          params: { path: { connection_id: connectionId } },
          body: { decision },
        }),
      ),
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: connectionQueries.all });
      await client.invalidateQueries({ queryKey: accountQueries.all });
    },
  });
}
