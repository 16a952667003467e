import { infiniteQueryOptions, keepPreviousData, queryOptions, skipToken } from "@tanstack/react-query";
import { answered, api } from "./client";
import type { ScheduleRequest } from "./types";

const PATH = "/api/truelayer/import/schedules";
const PREVIEWED = 8;
// Schedules run without the user.
const REFRESH_MS = 15_000;

/** The user's schedules. */
export const scheduleQueries = {
  all: ["schedules"] as const,

  list: () =>
    queryOptions({
      queryKey: [...scheduleQueries.all],
      queryFn: async () => (await answered(api.GET(PATH))).schedules,
      refetchInterval: REFRESH_MS,
    }),

  one: (id: string) =>
    queryOptions({
      queryKey: [...scheduleQueries.all, id],
      queryFn: () => answered(api.GET(`${PATH}/{schedule_id}`, { params: { path: { schedule_id: id } } })),
      refetchInterval: REFRESH_MS,
    }),

  /** The next runs of a saved schedule, and what would stop them. */
  nextRuns: (id: string) =>
    queryOptions({
      queryKey: [...scheduleQueries.all, id, "preview"],
      queryFn: () => answered(api.GET(`${PATH}/{schedule_id}/preview`, { params: { path: { schedule_id: id } } })),
    }),

  /** The runs of a schedule, newest first, a page at a time. */
  runs: (id: string) =>
    infiniteQueryOptions({
      queryKey: [...scheduleQueries.all, id, "history"],
      initialPageParam: null as string | null,
      queryFn: ({ pageParam }) => {
        const query = { limit: 20, ...(pageParam ? { cursor: pageParam } : {}) };
        return answered(api.GET(`${PATH}/{schedule_id}/history`, { params: { path: { schedule_id: id }, query } }));
      },
      getNextPageParam: (page) => page.next_cursor,
      refetchInterval: REFRESH_MS,
    }),

  /** The next runs of a schedule that is not saved. The last answer stays until the next one. */
  preview: (request: ScheduleRequest | null) =>
    queryOptions({
      queryKey: ["schedule-preview", request],
      queryFn:
        request === null
          ? skipToken
          : () => answered(api.POST(`${PATH}/preview`, { body: { ...request, count: PREVIEWED } })),
      placeholderData: keepPreviousData,
      retry: false,
    }),
};
