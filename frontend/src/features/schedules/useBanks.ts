import { useQuery } from "@tanstack/react-query";
import { answered, api } from "../../api/client";

/** The banks that can be imported from. */
export function useBanks() {
  return useQuery({
    queryKey: ["connections"],
    queryFn: async () => (await answered(api.GET("/api/truelayer/connections"))).connections,
  });
}

/** The accounts and cards of a bank. */
export function useAccountsOfBank(connectionId: number | null) {
  return useQuery({
    queryKey: ["accounts", connectionId],
    queryFn: async () => {
      // Asked only when a bank is chosen; see `enabled`.
      const path = { connection_id: connectionId! };
      return (await answered(api.GET("/api/truelayer/connections/{connection_id}/accounts", { params: { path } })))
        .accounts;
    },
    enabled: connectionId !== null,
  });
}
