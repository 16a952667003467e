import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../../api/client";

/** Undoes a job, together with later ones if requested. */
export function useUndo(jobId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (withLater: boolean) =>
      answered(
        api.POST("/api/truelayer/import/{job_id}/undo", {
          params: { path: { job_id: jobId } },
          body: { with_later: withLater },
        }),
      ),
    onSuccess: () => client.invalidateQueries(),
  });
}
