import { useInfiniteQuery } from "@tanstack/react-query";
import { answered, api } from "../../../api/client";
import type { HistoryFilter } from "./filters";

const REFRESH_MS = 5_000;

/** The imports that fit, newest first, a page at a time; asked for again while one of them is under way. */
export function useHistory(filter: HistoryFilter) {
  return useInfiniteQuery({
    queryKey: ["imports", "history", filter],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      answered(
        api.GET("/api/truelayer/import/history", {
          params: {
            query: {
              limit: 25,
              ...(filter.status ? { status: [filter.status] } : {}),
              ...(filter.type ? { job_type: filter.type } : {}),
              ...(filter.bank ? { connection_id: filter.bank } : {}),
              ...(pageParam ? { cursor: pageParam } : {}),
            },
          },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: (query) =>
      query.state.data?.pages.some((page) => page.imports.some((entry) => entry.completed_at === null))
        ? REFRESH_MS
        : false,
  });
}
