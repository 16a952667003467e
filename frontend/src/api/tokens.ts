import { queryOptions } from "@tanstack/react-query";
import { answered, api } from "./client";

/** Tokens with which programs use the API. */
export const tokenQueries = {
  all: ["tokens"] as const,

  list: () => queryOptions({ queryKey: tokenQueries.all, queryFn: () => answered(api.GET("/api/auth/tokens")) }),
};
