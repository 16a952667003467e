import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../../api/client";
import { importQueries } from "../../../api/imports";
import { newest } from "../../../realtime/newest";

export type JobAction = "pause" | "resume" | "cancel" | "retry" | "next" | "in turn";
type Wanted = { action: JobAction; accountIds?: string[] };

/** Pauses, resumes, cancels or retries a job, or some of its accounts, or changes its turn; returns its status. */
export function useControlImport(jobId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ action, accountIds = [] }: Wanted) => {
      const options = { params: { path: { job_id: jobId } }, body: { account_ids: accountIds } };
      switch (action) {
        case "next":
        case "in turn":
          return answered(
            api.POST("/api/truelayer/import/{job_id}/next", { ...options, body: { wanted: action === "next" } }),
          );
        case "pause":
          return answered(api.POST("/api/truelayer/import/{job_id}/pause", options));
        case "resume":
          return answered(api.POST("/api/truelayer/import/{job_id}/resume", options));
        case "cancel":
          return answered(api.POST("/api/truelayer/import/{job_id}/cancel", options));
        case "retry":
          return answered(api.POST("/api/truelayer/import/{job_id}/retry", options));
      }
    },
    // An event from the socket may be newer than the answer.
    onSuccess: (status) => client.setQueryData(importQueries.status(jobId).queryKey, (known) => newest(known, status)),
    onSettled: () => client.invalidateQueries({ queryKey: importQueries.all }),
  });
}
