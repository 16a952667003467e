import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "./client";
import { importQueries } from "./imports";
import type { ImportPlanRequest } from "./types";

/** Saves the plan and starts it at once; returns the status of the job. */
export function useStartPlanned() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (request: ImportPlanRequest) => {
      const plan = await answered(api.POST("/api/truelayer/import/plan", { body: request }));
      return answered(api.POST("/api/truelayer/import/start", { body: { job_id: plan.job_id } }));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: importQueries.all }),
  });
}
