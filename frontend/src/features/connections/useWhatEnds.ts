import { useQuery } from "@tanstack/react-query";
import { answered, api } from "../../api/client";

/** How many imports and schedules of a connection there are to end with it; asked for only when it is to be removed. */
export function useWhatEnds(connectionId: number, isAsked: boolean) {
  return useQuery({
    queryKey: ["connections", connectionId, "ends"],
    enabled: isAsked,
    staleTime: 0,
    queryFn: async () => {
      const query = { connection_id: connectionId, recent: 0 };
      const [queue, listed] = await Promise.all([
        answered(api.GET("/api/truelayer/import/queue", { params: { query } })),
        answered(api.GET("/api/truelayer/import/schedules")),
      ]);
      const jobs = queue.queued.length + queue.running.length + queue.waiting.length + queue.paused.length;
      const schedules = listed.schedules.filter((schedule) => schedule.connection_id === connectionId);
      return { jobs, schedules: schedules.length };
    },
  });
}
