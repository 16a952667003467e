import { infiniteQueryOptions, keepPreviousData, queryOptions, skipToken } from "@tanstack/react-query";
import { newest } from "../realtime/newest";
import { answered, api } from "./client";
import type { paths } from "./schema.gen";
import type { ImportPlanRequest, ImportStatus } from "./types";

const PATH = "/api/truelayer/import";
const EVENTS = 200;

type HistoryQuery = NonNullable<paths["/api/truelayer/import/history"]["get"]["parameters"]["query"]>;

const at = (jobId: string) => ({ params: { path: { job_id: jobId } } });

/** Import jobs: the queue, the history, and everything about one job. */
export const importQueries = {
  all: ["imports"] as const,

  status: (jobId: string) =>
    queryOptions({
      queryKey: [...importQueries.all, jobId],
      queryFn: async ({ client, queryKey }): Promise<ImportStatus> => {
        const fresh = await answered(api.GET(`${PATH}/status/{job_id}`, at(jobId)));
        // An event from the socket may be newer than a response that was in flight.
        return newest(client.getQueryData<ImportStatus>(queryKey), fresh);
      },
    }),

  /** The newest events, newest first; `lastEventId` asks again when there are more. */
  events: (jobId: string, lastEventId: number) =>
    queryOptions({
      queryKey: [...importQueries.all, jobId, "events", lastEventId],
      queryFn: async () => {
        const query = { after: Math.max(0, lastEventId - EVENTS), limit: 1000 };
        const params = { path: { job_id: jobId }, query };
        return (await answered(api.GET(`${PATH}/{job_id}/events`, { params }))).events.reverse();
      },
      placeholderData: keepPreviousData,
      staleTime: Number.POSITIVE_INFINITY,
    }),

  /** The rejected rows, a page at a time; `count` asks again when there are more. */
  rejected: (jobId: string, count: number) =>
    infiniteQueryOptions({
      queryKey: [...importQueries.all, jobId, "rejected", count],
      initialPageParam: null as string | null,
      queryFn: ({ pageParam }) => {
        const query = { limit: 100, ...(pageParam ? { cursor: pageParam } : {}) };
        return answered(api.GET(`${PATH}/{job_id}/rejected`, { params: { path: { job_id: jobId }, query } }));
      },
      getNextPageParam: (page) => page.next_cursor,
    }),

  /** What undoing a job would do; never from the cache. */
  undo: (jobId: string) =>
    queryOptions({
      queryKey: [...importQueries.all, jobId, "undo"],
      queryFn: () => answered(api.GET(`${PATH}/{job_id}/undo`, at(jobId))),
      staleTime: 0,
    }),

  /** What committing a dry run would do, with at most `limit` rows in each list. */
  diff: (jobId: string, limit: number) =>
    queryOptions({
      queryKey: [...importQueries.all, jobId, "diff", limit],
      queryFn: () =>
        answered(api.GET(`${PATH}/{job_id}/diff`, { params: { path: { job_id: jobId }, query: { limit } } })),
      placeholderData: keepPreviousData,
    }),

  /** The user's jobs by status, with the 20 that ended last. */
  queue: () =>
    queryOptions({
      queryKey: [...importQueries.all, "queue"],
      queryFn: () => answered(api.GET(`${PATH}/queue`, { params: { query: { recent: 20 } } })),
    }),

  /** Newest first, a page at a time. */
  history: (query: HistoryQuery) =>
    infiniteQueryOptions({
      queryKey: [...importQueries.all, "history", query],
      initialPageParam: null as string | null,
      queryFn: ({ pageParam }) =>
        answered(
          api.GET(`${PATH}/history`, { params: { query: { ...query, ...(pageParam ? { cursor: pageParam } : {}) } } }),
        ),
      getNextPageParam: (page) => page.next_cursor,
    }),

  /** What an import would fetch. It is not under `all`, so that import events do not refetch it. */
  estimate: (request: ImportPlanRequest | null) =>
    queryOptions({
      queryKey: ["import-estimate", request],
      queryFn: request === null ? skipToken : () => answered(api.POST(`${PATH}/estimate`, { body: request })),
      placeholderData: keepPreviousData,
      retry: false,
    }),
};

/** Whether a key belongs to the status of one job, which a page that follows the job keeps up to date itself. */
export function isStatusKey(key: readonly unknown[]): boolean {
  return key[0] === importQueries.all[0] && typeof key[1] === "string" && /^\d+$/.test(key[1]) && key.length === 2;
}
