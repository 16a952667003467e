import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { answered, api } from "../../../api/client";

const SHOWN = 200;

/** The newest events of a job, newest first; asked for again when there are more. */
export function useImportEvents(jobId: number, lastEventId: number) {
  return useQuery({
    queryKey: ["imports", jobId, "events", lastEventId],
    queryFn: async () => {
      const query = { after: Math.max(0, lastEventId - SHOWN), limit: 1000 };
      const path = { job_id: jobId };
      const answer = await answered(api.GET("/api/truelayer/import/{job_id}/events", { params: { path, query } }));
      return answer.events.reverse();
    },
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
