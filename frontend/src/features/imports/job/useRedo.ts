import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../../api/client";

/** Takes an undo back. */
export function useRedo(jobId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      answered(api.POST("/api/truelayer/import/{job_id}/redo", { params: { path: { job_id: jobId } } })),
    onSuccess: () => client.invalidateQueries(),
  });
}
