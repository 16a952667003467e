import { useQuery } from "@tanstack/react-query";
import { answered, api } from "../../../api/client";

/** The user's banks, and the accounts and cards of the one that is meant; none named: of the first usable one. */
export function useSources(wanted: number | undefined) {
  const connections = useQuery({
    queryKey: ["connections"],
    queryFn: async () => (await answered(api.GET("/api/truelayer/connections"))).connections,
  });
  const banks = connections.data ?? [];
  const bank = banks.find((row) => row.id === wanted) ?? banks.find((row) => row.status === "active") ?? banks[0];
  const accounts = useQuery({
    queryKey: ["accounts", bank?.id],
    enabled: bank !== undefined,
    queryFn: async () => {
      const options = { params: { path: { connection_id: bank?.id ?? 0 } } };
      return (await answered(api.GET("/api/truelayer/connections/{connection_id}/accounts", options))).accounts;
    },
  });
  return { connections, banks, bank, accounts };
}
