import { infiniteQueryOptions } from "@tanstack/react-query";
import { answered, api } from "./client";

const PAGE = 50;

/** Conflicts for the user to decide. */
export const reviewQueries = {
  all: ["reviews"] as const,

  /** Open or decided ones, newest first. */
  list: (decided: boolean) =>
    infiniteQueryOptions({
      queryKey: [...reviewQueries.all, decided],
      initialPageParam: null as string | null,
      queryFn: ({ pageParam }) => {
        const query = { decided, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) };
        return answered(api.GET("/api/reviews", { params: { query } }));
      },
      getNextPageParam: (page) => page.next_cursor,
    }),
};
