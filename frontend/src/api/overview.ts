import { queryOptions } from "@tanstack/react-query";
import { answered, api } from "./client";

/** What is up to date, what needs the user, what runs, and what it costs. */
export const overviewQueries = {
  all: ["overview"] as const,

  whole: () => queryOptions({ queryKey: overviewQueries.all, queryFn: () => answered(api.GET("/api/overview")) }),

  /** Only the counts, for the menu. */
  counts: () =>
    queryOptions({
      queryKey: [...overviewQueries.all, "counts"],
      queryFn: () => answered(api.GET("/api/overview/counts")),
      staleTime: 30_000,
    }),
};
