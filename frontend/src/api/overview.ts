import { queryOptions } from "@tanstack/react-query";
import { answered, api } from "./client";

/** What is up to date, what needs the user, what runs, and what it costs. */
export const overviewQueries = {
  all: ["overview"] as const,

  /** Again every few seconds while accounts are checked after an import. */
  whole: () =>
    queryOptions({
      queryKey: overviewQueries.all,
      queryFn: () => answered(api.GET("/api/overview")),
      refetchInterval: ({ state }) =>
        state.data?.banks.some((bank) => bank.accounts_being_checked > 0) ? 5_000 : false,
    }),

  /** Only the counts, for the menu. */
  counts: () =>
    queryOptions({
      queryKey: [...overviewQueries.all, "counts"],
      queryFn: () => answered(api.GET("/api/overview/counts")),
      staleTime: 30_000,
    }),
};
