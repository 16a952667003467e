import { useInfiniteQuery } from "@tanstack/react-query";
import { answered, api } from "../../../api/client";

/** The rows of a job that were not taken, a page at a time; `errors` is how many it counts. */
export function useRejected(jobId: number, errors: number) {
  return useInfiniteQuery({
    queryKey: ["imports", jobId, "rejected", errors],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      answered(
        api.GET("/api/truelayer/import/{job_id}/rejected", {
          params: { path: { job_id: jobId }, query: { limit: 100, ...(pageParam ? { cursor: pageParam } : {}) } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  });
}
