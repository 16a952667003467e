import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../api/client";

/** Sets the time zone of a bank's days; its stored rows get their dates from it too. */
export function useSetTimeZone(connectionId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (timeZone: string) =>
      answered(
        api.PUT("/api/truelayer/connections/{connection_id}/time-zone", {
          params: { path: { connection_id: connectionId } },
          body: { time_zone: timeZone },
        }),
      ),
    onSuccess: () => client.invalidateQueries(),
  });
}
