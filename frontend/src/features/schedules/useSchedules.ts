import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import type { Schedule, ScheduleRequest } from "../../api/types";

const REFRESH_MS = 15_000;

function at(scheduleId: number) {
  return { params: { path: { schedule_id: scheduleId } } };
}

/** The user's schedules; read again now and then, since they run by themselves. */
export function useSchedules() {
  return useQuery({
    queryKey: ["schedules"],
    queryFn: async () => (await answered(api.GET("/api/truelayer/import/schedules"))).schedules,
    refetchInterval: REFRESH_MS,
  });
}

export function useSchedule(scheduleId: number) {
  return useQuery({
    queryKey: ["schedules", scheduleId],
    queryFn: () => answered(api.GET("/api/truelayer/import/schedules/{schedule_id}", at(scheduleId))),
    refetchInterval: REFRESH_MS,
  });
}

/** The next runs of a saved schedule, and what stands in their way. */
export function useNextRuns(scheduleId: number) {
  return useQuery({
    queryKey: ["schedules", scheduleId, "preview"],
    queryFn: () => answered(api.GET("/api/truelayer/import/schedules/{schedule_id}/preview", at(scheduleId))),
  });
}

/** The next runs of a schedule as it is being written; nothing is saved. The last answer stays until the next one. */
export function usePreview(wanted: ScheduleRequest | null) {
  return useQuery({
    queryKey: ["schedule preview", wanted],
    queryFn: () =>
      // Asked only when there is something to ask for; see `enabled`.
      answered(api.POST("/api/truelayer/import/schedules/preview", { body: { ...wanted!, count: 8 } })),
    enabled: wanted !== null,
    placeholderData: keepPreviousData,
    retry: false,
  });
}

/** A schedule's runs, newest first, a page at a time. */
export function useRuns(scheduleId: number) {
  return useInfiniteQuery({
    queryKey: ["schedules", scheduleId, "history"],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      answered(
        api.GET("/api/truelayer/import/schedules/{schedule_id}/history", {
          params: {
            path: { schedule_id: scheduleId },
            query: { limit: 20, ...(pageParam ? { cursor: pageParam } : {}) },
          },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: REFRESH_MS,
  });
}

function useChange<Variables, Result>(change: (variables: Variables) => Promise<Result>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => client.invalidateQueries({ queryKey: ["schedules"] }),
  });
}

/** Saves a schedule: a new one, or the changes of the one with this number. */
export function useSaveSchedule(scheduleId: number | null) {
  return useChange((wanted: ScheduleRequest): Promise<Schedule> =>
    scheduleId === null
      ? answered(api.POST("/api/truelayer/import/schedules", { body: wanted }))
      : answered(api.PATCH("/api/truelayer/import/schedules/{schedule_id}", { ...at(scheduleId), body: wanted })),
  );
}

export function usePauseSchedule(scheduleId: number) {
  return useChange((reason: string) =>
    answered(
      api.POST("/api/truelayer/import/schedules/{schedule_id}/pause", {
        ...at(scheduleId),
        body: { reason: reason || null },
      }),
    ),
  );
}

export function useResumeSchedule(scheduleId: number) {
  return useChange(() => answered(api.POST("/api/truelayer/import/schedules/{schedule_id}/resume", at(scheduleId))));
}

export function useRunNow(scheduleId: number) {
  return useChange(() => answered(api.POST("/api/truelayer/import/schedules/{schedule_id}/run", at(scheduleId))));
}

export function useRemoveSchedule(scheduleId: number) {
  return useChange(() => answered(api.DELETE("/api/truelayer/import/schedules/{schedule_id}", at(scheduleId))));
}

export function useRestoreSchedule(scheduleId: number) {
  return useChange(() => answered(api.POST("/api/truelayer/import/schedules/{schedule_id}/restore", at(scheduleId))));
}
