import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../../api/client";

/** Redoes an undone import. */
export function useRedo(jobId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      answered(api.POST("/api/truelayer/import/{job_id}/redo", { params: { path: { job_id: jobId } } })),
    onSuccess: () => client.invalidateQueries(),
  });
}
