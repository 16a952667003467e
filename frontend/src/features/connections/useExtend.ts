import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import { connectionQueries } from "../../api/connections";

/** Extend a consent; where the bank wants the user to confirm, leave for its pages. */
export function useExtend(connectionId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      answered(
        api.POST("/api/truelayer/connections/{connection_id}/extend", {
          params: { path: { connection_id: connectionId } },
        }),
      ),
    onSuccess: async (answer) => {
      if (answer.authorization_url) window.location.assign(answer.authorization_url);
      await client.invalidateQueries({ queryKey: connectionQueries.all });
    },
  });
}
