import { queryOptions } from "@tanstack/react-query";
import { answered, api } from "./client";

/** All users of this installation, for administrators. */
export const userQueries = {
  all: ["users"] as const,

  list: () =>
    queryOptions({
      queryKey: [...userQueries.all],
      queryFn: async () => (await answered(api.GET("/api/users"))).users,
    }),
};
