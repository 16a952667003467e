import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../api/client";

export type Decision = "replace" | "add" | "cancel";

/** Say what becomes of a renewal that came back as another login. */
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
      await client.invalidateQueries({ queryKey: ["connections"] });
      await client.invalidateQueries({ queryKey: ["accounts"] });
    },
  });
}
