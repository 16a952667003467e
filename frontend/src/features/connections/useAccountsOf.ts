import { useQuery } from "@tanstack/react-query";
import { answered, api } from "../../api/client";

/** The accounts and cards of a connection. */
export function useAccountsOf(connectionId: number) {
  return useQuery({
    queryKey: ["accounts", connectionId],
    queryFn: async () => {
      const options = { params: { path: { connection_id: connectionId } } };
      return (await answered(api.GET("/api/truelayer/connections/{connection_id}/accounts", options))).accounts;
    },
  });
}
