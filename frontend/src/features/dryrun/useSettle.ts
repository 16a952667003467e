import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import { importQueries } from "../../api/imports";
import type { components } from "../../api/schema.gen";

export type AccountDiff = components["schemas"]["AccountDiff"];
export type DiffRow = components["schemas"]["DiffRow"];

/** Commits or discards a dry run. */
export function useSettle(jobId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (how: "commit" | "discard") => {
      const options = { params: { path: { job_id: jobId } } };
      return how === "commit"
        ? answered(api.POST("/api/truelayer/import/{job_id}/commit", options))
        : answered(api.POST("/api/truelayer/import/{job_id}/discard", options));
    },
    onSettled: () => client.invalidateQueries({ queryKey: importQueries.all }),
  });
}
