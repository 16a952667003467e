import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answered, api } from "./client";
import type { paths } from "./schema.gen";

export type TransactionQuery = NonNullable<paths["/api/transactions/totals"]["get"]["parameters"]["query"]>;
type RowsQuery = NonNullable<paths["/api/transactions"]["get"]["parameters"]["query"]>;

const PAGE_ROWS = 200;

const at = (id: string) => ({ params: { path: { transaction_id: id } } });

/** Transactions, and where each comes from. */
export const transactionQueries = {
  all: ["transactions"] as const,

  /** The lists of rows, which are not under `all`: see `rows`. */
  allRows: ["transaction-rows"] as const,

  /**
   * The rows that match, in the wanted order, a page at a time; another `generation` loads them again.
   *
   * They are never fetched again by themselves: that would request every page that was scrolled through. The totals are,
   * and show when there is more. Pages are kept as they came, since comparing 100,000 rows with each new page is slow, and
   * are dropped when the user leaves the list.
   */
  rows: (query: RowsQuery, generation: number) =>
    infiniteQueryOptions({
      queryKey: [...transactionQueries.allRows, query, generation],
      initialPageParam: null as string | null,
      queryFn: ({ pageParam, signal }) =>
        answered(
          api.GET("/api/transactions", {
            params: { query: { ...query, limit: PAGE_ROWS, ...(pageParam ? { cursor: pageParam } : {}) } },
            signal,
          }),
        ),
      getNextPageParam: (page) => page.next_cursor,
      placeholderData: keepPreviousData,
      staleTime: "static",
      gcTime: 0,
      structuralSharing: false,
    }),

  /** Count and sums of all rows that match, per currency. */
  totals: (query: TransactionQuery) =>
    queryOptions({
      queryKey: [...transactionQueries.all, "totals", query],
      queryFn: ({ signal }) => answered(api.GET("/api/transactions/totals", { params: { query }, signal })),
      placeholderData: keepPreviousData,
    }),

  /** The sums of all rows that match, by month and currency, newest first. */
  months: (query: TransactionQuery) =>
    queryOptions({
      queryKey: [...transactionQueries.all, "months", query],
      queryFn: async ({ signal }) =>
        (await answered(api.GET("/api/transactions/months", { params: { query }, signal }))).months,
      placeholderData: keepPreviousData,
    }),

  /** The user's named filters. */
  savedFilters: () =>
    queryOptions({
      queryKey: ["saved-filters"],
      queryFn: async () => (await answered(api.GET("/api/transactions/saved-filters"))).filters,
    }),

  /** The categories in use with their number of rows, most used first. */
  categories: () =>
    queryOptions({
      queryKey: [...transactionQueries.all, "categories"],
      queryFn: () => answered(api.GET("/api/transactions/categories")),
      staleTime: 30_000,
    }),

  one: (id: string) =>
    queryOptions({
      queryKey: [...transactionQueries.all, "row", id],
      queryFn: () => answered(api.GET("/api/transactions/{transaction_id}", at(id))),
    }),

  /** The request and answer that a row came from, and its changes. */
  provenance: (id: string) =>
    queryOptions({
      queryKey: [...transactionQueries.all, "provenance", id],
      queryFn: () => answered(api.GET("/api/transactions/{transaction_id}/provenance", at(id))),
    }),

  /** What a row's merchant and category come from. */
  origin: (id: string) =>
    queryOptions({
      queryKey: [...transactionQueries.all, "origin", id],
      queryFn: () => answered(api.GET("/api/truelayer/enrichment/transactions/{transaction_id}", at(id))),
    }),
};
