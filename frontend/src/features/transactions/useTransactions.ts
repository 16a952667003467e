import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import { type Filters, toQuery } from "./filters";

export const PAGE_ROWS = 200;

/**
 * The rows that fit, newest first, a page at a time; another `generation` loads them anew.
 *
 * Never fetched again by itself, whatever changes: that would ask for every page that was scrolled through. The totals
 * are, and say when there is more to show. Pages are kept as they came, since comparing 100,000 rows with each new page
 * is slow, and dropped when the list is left.
 */
export function useTransactions(filters: Filters, generation: number) {
  const query = toQuery(filters);
  return useInfiniteQuery({
    queryKey: ["transaction-rows", query, generation],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      answered(
        api.GET("/api/transactions", {
          params: { query: { ...query, limit: PAGE_ROWS, ...(pageParam ? { cursor: pageParam } : {}) } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: (before) => before,
    staleTime: "static",
    gcTime: 0,
    structuralSharing: false,
  });
}

/** What all rows that fit come to, per currency. */
export function useTotals(filters: Filters) {
  const query = toQuery(filters);
  return useQuery({
    queryKey: ["transactions", "totals", query],
    queryFn: ({ signal }) => answered(api.GET("/api/transactions/totals", { params: { query }, signal })),
    placeholderData: (before) => before,
  });
}

/** The categories in use, the commonest first. */
export function useCategories() {
  return useQuery({
    queryKey: ["transactions", "categories"],
    queryFn: () => answered(api.GET("/api/transactions/categories")),
    staleTime: 30_000,
  });
}

/** One row by its id, for a link that leads to it directly. */
export function useTransaction(id: number) {
  return useQuery({
    queryKey: ["transactions", "row", id],
    queryFn: () =>
      answered(api.GET("/api/transactions/{transaction_id}", { params: { path: { transaction_id: id } } })),
  });
}

/** Where a row came from, and what was changed of it. */
export function useProvenance(id: number) {
  return useQuery({
    queryKey: ["transactions", "provenance", id],
    queryFn: () =>
      answered(api.GET("/api/transactions/{transaction_id}/provenance", { params: { path: { transaction_id: id } } })),
  });
}

/** What a row's merchant and category came from. */
export function useOrigin(id: number) {
  return useQuery({
    queryKey: ["transactions", "origin", id],
    queryFn: () =>
      answered(
        api.GET("/api/truelayer/enrichment/transactions/{transaction_id}", {
          params: { path: { transaction_id: id } },
        }),
      ),
  });
}

/** How the day of a row stands in its account. */
export function useProofDay(accountId: string, day: string) {
  return useQuery({
    queryKey: ["proof", accountId, "day", day],
    queryFn: () =>
      answered(
        api.GET("/api/truelayer/accounts/{account_id}/proof/{day}", {
          params: { path: { account_id: accountId, day } },
        }),
      ),
  });
}
