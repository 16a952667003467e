import { useQuery } from "@tanstack/react-query";
import { accountQueries, connectionQueries } from "../../../api/connections";

/** The user's banks, and the accounts and cards of the chosen one, or of the first usable one. */
export function useSources(wanted: string | undefined) {
  const connections = useQuery(connectionQueries.list());
  const banks = connections.data ?? [];
  const bank = banks.find((row) => row.id === wanted) ?? banks.find((row) => row.status === "active") ?? banks[0];
  const accounts = useQuery(accountQueries.of(bank?.id ?? null));
  return { connections, banks, bank, accounts };
}
