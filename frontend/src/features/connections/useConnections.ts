import { useMutation, useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../api/client";

export function useConnections() {
  return useQuery({
    queryKey: ["connections"],
    queryFn: async () => (await answered(api.GET("/api/truelayer/connections"))).connections,
  });
}

function accountsQuery(connectionId: number) {
  return {
    queryKey: ["accounts", connectionId],
    queryFn: async () => {
      const path = { connection_id: connectionId };
      return (await answered(api.GET("/api/truelayer/connections/{connection_id}/accounts", { params: { path } })))
        .accounts;
    },
  };
}

/** The accounts and cards of each connection, in the same order. */
export function useAccountsOf(connectionIds: number[]) {
  return useQueries({ queries: connectionIds.map(accountsQuery) });
}

/** Leave for the bank's consent pages. */
export function useConnectBank() {
  return useMutation({
    mutationFn: (connectionId: number | null) =>
      connectionId === null
        ? answered(api.POST("/api/truelayer/connections/authorize", { body: { provider_ids: [] } }))
        : answered(
            api.POST("/api/truelayer/connections/{connection_id}/reauthorize", {
              params: { path: { connection_id: connectionId } },
            }),
          ),
    onSuccess: (answer) => window.location.assign(answer.authorization_url),
  });
}

export function useRemoveConnection() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (connectionId: number) =>
      answered(
        api.DELETE("/api/truelayer/connections/{connection_id}", { params: { path: { connection_id: connectionId } } }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ["connections"] }),
  });
}
