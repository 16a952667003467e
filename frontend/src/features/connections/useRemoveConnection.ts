import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../api/client";

export function useRemoveConnection() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (connectionId: number) =>
      answered(
        api.DELETE("/api/truelayer/connections/{connection_id}", { params: { path: { connection_id: connectionId } } }),
      ),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["connections"] });
      await client.invalidateQueries({ queryKey: ["accounts"] });
    },
  });
}
