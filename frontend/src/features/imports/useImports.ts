import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import type { ImportStatus } from "../../api/types";

const POLL_MS = 1_000;

export function useImportHistory() {
  return useQuery({
    queryKey: ["imports"],
    queryFn: async () =>
      (await answered(api.GET("/api/truelayer/import/history", { params: { query: { limit: 50 } } }))).imports,
    refetchInterval: (query) => (query.state.data?.some((entry) => entry.completed_at === null) ? 2 * POLL_MS : false),
  });
}

export function isFinished(status: ImportStatus): boolean {
  return status.completed_at !== null;
}

export type Wanted = { connection_id: number; from_date: string; account_ids: string[]; card_ids: string[] };

export function usePlanImport() {
  return useMutation({
    mutationFn: (wanted: Wanted) =>
      answered(
        api.POST("/api/truelayer/import/plan", {
          body: { ...wanted, auto_enrich: true, job_type: "date_range", dry_run: false },
        }),
      ),
  });
}

export function useStartImport() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (jobId: number) => answered(api.POST("/api/truelayer/import/start", { body: { job_id: jobId } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["imports"] }),
  });
}

/** The connections and, for the chosen one, its accounts: what an import can be made of. */
export function useImportSources(connectionId: number | null) {
  const connections = useQuery({
    queryKey: ["connections"],
    queryFn: async () => (await answered(api.GET("/api/truelayer/connections"))).connections,
  });
  const accounts = useQuery({
    queryKey: ["accounts", connectionId],
    enabled: connectionId !== null,
    queryFn: async () => {
      const path = { connection_id: connectionId ?? 0 };
      return (await answered(api.GET("/api/truelayer/connections/{connection_id}/accounts", { params: { path } })))
        .accounts;
    },
  });
  return { connections, accounts };
}

export type JobAction = "pause" | "resume" | "cancel" | "retry";

/** Pause, resume, cancel or retry a job; the answer is how it stands then. */
export function useControlImport(jobId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (action: JobAction) => {
      const options = { params: { path: { job_id: jobId } }, body: { account_ids: [] } };
      switch (action) {
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
    onSuccess: (status) => client.setQueryData(["imports", jobId], status),
    onError: () => client.invalidateQueries({ queryKey: ["imports", jobId] }),
  });
}

/** Leave for the bank's consent pages; when the consent is renewed, what failed of the job goes on. */
export function useReconnectAndContinue(jobId: number) {
  return useMutation({
    mutationFn: () =>
      answered(api.POST("/api/truelayer/import/{job_id}/reauthorize", { params: { path: { job_id: jobId } } })),
    onSuccess: (answer) => window.location.assign(answer.authorization_url),
  });
}
