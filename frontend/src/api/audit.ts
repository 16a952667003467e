import { infiniteQueryOptions } from "@tanstack/react-query";
import { answered, api } from "./client";

const PAGE_SIZE = 50;

/** What users did that may matter later, newest first. */
export const auditQueries = {
  /** The user's own entries; for administrators, `everybody`'s if they wish. */
  entries: (everybody: boolean) =>
    infiniteQueryOptions({
      queryKey: ["audit", everybody],
      initialPageParam: null as string | null,
      queryFn: ({ pageParam }) => {
        const query = { limit: PAGE_SIZE, ...(pageParam === null ? {} : { cursor: pageParam }) };
        return answered(api.GET(everybody ? "/api/audit/all" : "/api/audit", { params: { query } }));
      },
      getNextPageParam: (page) => page.next_cursor,
    }),
};
