import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { answered, api } from "../../api/client";
import { accountQueries, connectionQueries } from "../../api/connections";

type Decision = "replace" | "add" | "cancel";

/** Saves what to do with a renewal that returned with another login, and opens the import that it retried. */
export function useDecideRenewal(connectionId: string) {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: (decision: Decision) =>
      answered(
        api.POST("/api/truelayer/connections/{connection_id}/renewal", {
          params: { path: { connection_id: connectionId } },
          body: { decision },
        }),
      ),
    onSuccess: async ({ retried_job_id: jobId }) => {
      if (jobId) await navigate({ to: "/imports/$jobId", params: { jobId } });
    },
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: connectionQueries.all });
      await client.invalidateQueries({ queryKey: accountQueries.all });
    },
  });
}
