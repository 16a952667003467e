import { useQuery } from "@tanstack/react-query";
import { connectionQueries } from "../../../api/connections";
import { useAccounts } from "../../../api/useAccounts";
import type { Source } from "./choice";

/** The user's banks with their accounts and cards, those that can be fetched first. */
export function useSources() {
  const connections = useQuery(connectionQueries.list());
  const accounts = useAccounts();
  const banks = (connections.data ?? []).toSorted(
    (left, right) => Number(right.status === "active") - Number(left.status === "active"),
  );
  const sources = banks.map((bank): Source => ({
    bank,
    accounts: accounts.accounts.filter((account) => account.connection_id === bank.id),
  }));
  return { connections, accounts, banks, sources };
}
