import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import { enrichmentQueries } from "../../api/enrichment";
import type { components } from "../../api/schema.gen";
import { useConnection } from "../../realtime/socket";
import { useLiveJobs } from "./useLiveJobs";
import { useThenRefresh } from "./useThenRefresh";

type Schemas = components["schemas"];
export type EnrichmentJob = Schemas["EnrichmentRead"];
export type EnrichmentRequest = Schemas["EnrichmentRequest"];
export type Doubt = Schemas["DoubtRead"];
export type Preview = Schemas["RulePreviewRead"];

const PATH = "/api/truelayer/enrichment";
const LOOK_AGAIN_MS = 2_000;
const OPEN = new Set<string>(["queued", "running", "waiting"]);

/** Whether the job is still in progress; a page without live news then polls. */
export function isOpen(job: EnrichmentJob): boolean {
  return OPEN.has(job.job_status);
}

/** Enrichment jobs, newest first, live; polled every 2 seconds while there is no socket. */
export function useEnrichmentJobs() {
  const connection = useConnection();
  const jobs = useInfiniteQuery({
    ...enrichmentQueries.jobs(),
    refetchInterval: (query) =>
      connection !== "live" && query.state.data?.pages[0]?.jobs.some(isOpen) ? LOOK_AGAIN_MS : false,
  });
  const listed = jobs.data?.pages[0]?.jobs ?? [];
  useLiveJobs(listed.filter(isOpen).map((job) => job.id));
  return jobs;
}

/** One enrichment job, live; polled every 2 seconds while there is no socket. */
export function useEnrichmentJob(id: string) {
  const connection = useConnection();
  const job = useQuery({
    ...enrichmentQueries.job(id),
    refetchInterval: (query) =>
      connection !== "live" && query.state.data && isOpen(query.state.data) ? LOOK_AGAIN_MS : false,
  });
  useLiveJobs(job.data && isOpen(job.data) ? [job.data.id] : []);
  return job;
}

/** The exact texts that would be sent to a model; nothing is sent. */
export function useOutgoing() {
  return useMutation({
    mutationFn: (request: EnrichmentRequest) => answered(api.POST(`${PATH}/preview`, { body: request })),
  });
}

/** Create a job. */
export function useEnrich() {
  return useThenRefresh((request: EnrichmentRequest) => answered(api.POST(`${PATH}/jobs`, { body: request })));
}

const paramsOf = (id: string) => ({ params: { path: { job_id: id } } });

/** Pause a job. */
export function usePause() {
  return useThenRefresh((id: string) => answered(api.POST(`${PATH}/jobs/{job_id}/pause`, paramsOf(id))));
}

/** Resume a job, with a new cap if one is given, such as “0.50 USD”. */
export function useResume() {
  return useThenRefresh(({ id, cap }: { id: string; cap?: string }) =>
    answered(api.POST(`${PATH}/jobs/{job_id}/resume`, { ...paramsOf(id), body: cap ? { cap } : {} })),
  );
}

/** Cancel a job; its changes stay. */
export function useCancel() {
  return useThenRefresh((id: string) => answered(api.POST(`${PATH}/jobs/{job_id}/cancel`, paramsOf(id))));
}

/** Restore the values of the rows that a job changed. */
export function useUndo() {
  return useThenRefresh((id: string) => answered(api.POST(`${PATH}/jobs/{job_id}/undo`, paramsOf(id))));
}

export type Correction = { transaction_id: string; category: string };

/** Preview which rows of the merchant a correction would change. */
export function usePreviewCorrection() {
  return useMutation({
    mutationFn: (request: Correction) =>
      answered(
        api.POST(`${PATH}/corrections/preview`, {
          params: { query: { samples: 200 } },
          body: { ...request, apply: false },
        }),
      ),
  });
}

/** Correct a row and learn it; with `apply`, also for the merchant's stored rows. */
export function useCorrect() {
  return useThenRefresh((request: Correction & { apply: boolean }) =>
    answered(api.POST(`${PATH}/corrections`, { body: request })),
  );
}

/** Say whether models may be asked about a row's merchant. */
export function useNeverAsk() {
  return useThenRefresh(({ rowId, isNeverAsked }: { rowId: string; isNeverAsked: boolean }) => {
    const of = { params: { path: { transaction_id: rowId } } };
    const url = `${PATH}/transactions/{transaction_id}/never-ask` as const;
    return answered(isNeverAsked ? api.PUT(url, of) : api.DELETE(url, of));
  });
}
