import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../../api/client";
import { importQueries } from "../../../api/imports";

export type BulkAction = "next" | "pause" | "resume" | "cancel" | "retry";

/** The same for several jobs; the answer has each job's status, or its error code. */
export function useBulk() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { action: BulkAction; job_ids: string[] }) =>
      answered(api.POST("/api/truelayer/import/queue/bulk", { body })),
    onSettled: () => client.invalidateQueries({ queryKey: importQueries.all }),
  });
}
