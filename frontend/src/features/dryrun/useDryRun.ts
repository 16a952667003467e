import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import type { components } from "../../api/schema.gen";

export type AccountDiff = components["schemas"]["AccountDiff"];
export type DiffRow = components["schemas"]["DiffRow"];

const POLL_MS = 2_000;

/** How the dry run itself stands; asked again until it has ended. */
export function useDryRun(jobId: number) {
  return useQuery({
    queryKey: ["imports", jobId],
    queryFn: () => answered(api.GET("/api/truelayer/import/status/{job_id}", { params: { path: { job_id: jobId } } })),
    refetchInterval: (query) => (query.state.data?.completed_at ? false : POLL_MS),
  });
}

/** What committing it would do, with at most `limit` rows in each list. */
export function useDiff(jobId: number, limit: number, isReady: boolean) {
  return useQuery({
    queryKey: ["imports", jobId, "diff", limit],
    enabled: isReady,
    queryFn: () =>
      answered(
        api.GET("/api/truelayer/import/{job_id}/diff", { params: { path: { job_id: jobId }, query: { limit } } }),
      ),
    placeholderData: (before) => before,
  });
}

/** Store what the dry run fetched, or give it up. */
export function useSettle(jobId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (how: "commit" | "discard") => {
      const options = { params: { path: { job_id: jobId } } };
      return how === "commit"
        ? answered(api.POST("/api/truelayer/import/{job_id}/commit", options))
        : answered(api.POST("/api/truelayer/import/{job_id}/discard", options));
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["imports"] }),
  });
}
