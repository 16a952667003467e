import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import { accountQueries, connectionQueries } from "../../api/connections";

export function useRemoveConnection() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (connectionId: string) =>
      answered(
        api.DELETE("/api/truelayer/connections/{connection_id}", { params: { path: { connection_id: connectionId } } }),
      ),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: connectionQueries.all });
      await client.invalidateQueries({ queryKey: accountQueries.all });
    },
  });
}
