import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../../api/client";
import { importQueries } from "../../../api/imports";
import type { Wanted } from "./choice";

type Started = { jobIds: string[]; failure: Error | null };

/**
 * Saves a plan for each bank and then starts them all; nothing starts unless every plan is saved.
 * If a bank's import cannot be started, `failure` says why and `jobIds` has those that run; it fails if none does.
 */
export function useStartTogether() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (wanted: Wanted[]): Promise<Started> => {
      const planned: string[] = [];
      for (const body of wanted) {
        planned.push((await answered(api.POST("/api/truelayer/import/plan", { body }))).job_id);
      }
      const jobIds: string[] = [];
      let failure: Error | null = null;
      for (const job_id of planned) {
        try {
          await answered(api.POST("/api/truelayer/import/start", { body: { job_id } }));
          jobIds.push(job_id);
        } catch (error) {
          failure = error instanceof Error ? error : new Error(String(error));
        }
      }
      if (failure && jobIds.length === 0) throw failure;
      return { jobIds, failure };
    },
    onSuccess: () => client.invalidateQueries({ queryKey: importQueries.all }),
  });
}
