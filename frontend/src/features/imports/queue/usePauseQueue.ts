import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../../api/client";
import { importQueries } from "../../../api/imports";

/** Pauses or resumes all of the user's imports. */
export function usePauseQueue() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (isPaused: boolean) =>
      answered(
        isPaused ? api.POST("/api/truelayer/import/queue/pause") : api.POST("/api/truelayer/import/queue/resume"),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: importQueries.all }),
  });
}
