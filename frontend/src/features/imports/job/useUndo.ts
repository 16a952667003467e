import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../../api/client";

/** What undoing a job would do; asked for only while `isWanted`, and always afresh. */
export function useUndoPreview(jobId: number, isWanted: boolean) {
  return useQuery({
    queryKey: ["imports", jobId, "undo"],
    queryFn: () => answered(api.GET("/api/truelayer/import/{job_id}/undo", { params: { path: { job_id: jobId } } })),
    enabled: isWanted,
    staleTime: 0,
  });
}

/** Puts the record back to what it was before a job, and before later ones where that is wanted. */
export function useUndo(jobId: number) {
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
