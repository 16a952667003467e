import { useInfiniteQuery } from "@tanstack/react-query";
import { importQueries } from "../../../api/imports";
import type { HistoryFilter } from "./filters";

const PAGE = 25;
const REFRESH_MS = 5_000;

/** The imports that match, newest first, a page at a time; requested again while one of them is running. */
export function useHistory({ status, type, bank }: HistoryFilter) {
  const query = {
    limit: PAGE,
    ...(status ? { status: [status] } : {}),
    ...(type ? { job_type: type } : {}),
    ...(bank ? { connection_id: bank } : {}),
  };
  return useInfiniteQuery({
    ...importQueries.history(query),
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.imports.some((entry) => entry.completed_at === null)) ? REFRESH_MS : false,
  });
}
