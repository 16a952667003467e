import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import type { CostsQuery, RowsQuery } from "./costsSearch";

export function useCosts(query: CostsQuery) {
  return useQuery({
    queryKey: ["costs", query],
    queryFn: () => answered(api.GET("/api/truelayer/analytics/costs", { params: { query } })),
    placeholderData: keepPreviousData,
  });
}

function pageOf(query: RowsQuery, cursor: string | null) {
  return { params: { query: { ...query, limit: 100, ...(cursor === null ? {} : { cursor }) } } };
}

/** What was paid for, behind a sum of money, a page at a time. */
export function useCharges(query: RowsQuery) {
  return useInfiniteQuery({
    queryKey: ["costs", "charges", query],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) => answered(api.GET("/api/truelayer/analytics/costs/charges", pageOf(query, pageParam))),
    getNextPageParam: (page) => page.next_cursor,
  });
}

/** The calls behind a figure, a page at a time. */
export function useCalls(query: RowsQuery) {
  return useInfiniteQuery({
    queryKey: ["costs", "calls", query],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) => answered(api.GET("/api/truelayer/analytics/costs/calls", pageOf(query, pageParam))),
    getNextPageParam: (page) => page.next_cursor,
  });
}

/** The imports behind a figure, a page at a time. */
export function useCostlyImports(query: RowsQuery) {
  return useInfiniteQuery({
    queryKey: ["costs", "imports", query],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) => answered(api.GET("/api/truelayer/analytics/costs/imports", pageOf(query, pageParam))),
    getNextPageParam: (page) => page.next_cursor,
  });
}

/** The months of connections behind a figure, a page at a time. */
export function useConnectionMonths(query: RowsQuery) {
  return useInfiniteQuery({
    queryKey: ["costs", "connection-months", query],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      answered(api.GET("/api/truelayer/analytics/costs/connection-months", pageOf(query, pageParam))),
    getNextPageParam: (page) => page.next_cursor,
  });
}

/** The requests to models behind a figure, a page at a time. */
export function useLlmCalls(query: RowsQuery) {
  return useInfiniteQuery({
    queryKey: ["costs", "llm-calls", query],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) => answered(api.GET("/api/truelayer/analytics/costs/llm-calls", pageOf(query, pageParam))),
    getNextPageParam: (page) => page.next_cursor,
  });
}

/** The enrichments that found answers in memory, a page at a time. */
export function useEnrichmentCosts(query: RowsQuery) {
  return useInfiniteQuery({
    queryKey: ["costs", "enrichments", query],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      answered(api.GET("/api/truelayer/analytics/costs/enrichments", pageOf(query, pageParam))),
    getNextPageParam: (page) => page.next_cursor,
  });
}
