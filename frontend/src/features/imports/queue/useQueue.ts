import { useQuery } from "@tanstack/react-query";
import { importQueries } from "../../../api/imports";

const REFRESH_MS = 2_000;

/** The user's jobs by status; requested every 2 seconds while the page is visible. */
export function useQueue() {
  return useQuery({
    ...importQueries.queue(),
    refetchInterval: REFRESH_MS,
    refetchIntervalInBackground: false,
    refetchOnWindowFocus: true,
  });
}
