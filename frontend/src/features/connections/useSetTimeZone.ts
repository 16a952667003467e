import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../api/client";

/** Take a bank's days by another time zone; its stored rows are dated by it too. */
export function useSetTimeZone(connectionId: number) {
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
