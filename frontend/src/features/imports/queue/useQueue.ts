import { useQuery } from "@tanstack/react-query";
import { answered, api } from "../../../api/client";

const REFRESH_MS = 2_000;

/** The user's jobs by where they stand; asked for again and again while the page is looked at, and not otherwise. */
export function useQueue() {
  return useQuery({
    queryKey: ["imports", "queue"],
    queryFn: () => answered(api.GET("/api/truelayer/import/queue", { params: { query: { recent: 20 } } })),
    refetchInterval: REFRESH_MS,
    refetchIntervalInBackground: false,
    refetchOnWindowFocus: true,
  });
}
