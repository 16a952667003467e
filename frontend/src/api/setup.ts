import { queryOptions } from "@tanstack/react-query";
import { answered, api } from "./client";

/** Our client id at TrueLayer. */
export const setupQueries = {
  all: ["setup"] as const,

  truelayer: () =>
    queryOptions({
      queryKey: [...setupQueries.all, "truelayer"] as const,
      queryFn: () => answered(api.GET("/api/setup/truelayer")),
      staleTime: 60_000,
    }),
};
