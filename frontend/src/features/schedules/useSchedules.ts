import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import { scheduleQueries } from "../../api/schedules";
import type { Schedule, ScheduleRequest } from "../../api/types";

function at(scheduleId: string) {
  return { params: { path: { schedule_id: scheduleId } } };
}

function useChange<Variables, Result>(change: (variables: Variables) => Promise<Result>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => client.invalidateQueries({ queryKey: scheduleQueries.all }),
  });
}

/** Saves a new schedule, or changes to the one with this id. */
export function useSaveSchedule(scheduleId: string | null) {
  return useChange((request: ScheduleRequest): Promise<Schedule> =>
    scheduleId === null
      ? answered(api.POST("/api/truelayer/import/schedules", { body: request }))
      : answered(api.PATCH("/api/truelayer/import/schedules/{schedule_id}", { ...at(scheduleId), body: request })),
  );
}

export function usePauseSchedule(scheduleId: string) {
  return useChange((reason: string) =>
    answered(
      api.POST("/api/truelayer/import/schedules/{schedule_id}/pause", {
        ...at(scheduleId),
        body: { reason: reason || null },
      }),
    ),
  );
}

export function useResumeSchedule(scheduleId: string) {
  return useChange(() => answered(api.POST("/api/truelayer/import/schedules/{schedule_id}/resume", at(scheduleId))));
}

export function useRunNow(scheduleId: string) {
  return useChange(() => answered(api.POST("/api/truelayer/import/schedules/{schedule_id}/run", at(scheduleId))));
}

export function useRemoveSchedule(scheduleId: string) {
  return useChange(() => answered(api.DELETE("/api/truelayer/import/schedules/{schedule_id}", at(scheduleId))));
}

export function useRestoreSchedule(scheduleId: string) {
  return useChange(() => answered(api.POST("/api/truelayer/import/schedules/{schedule_id}/restore", at(scheduleId))));
}
