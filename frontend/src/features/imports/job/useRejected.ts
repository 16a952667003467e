import { useQuery } from "@tanstack/react-query";
import { answered, api } from "../../../api/client";

/** The rows of a job that could not be understood; `errors` is how many it counts. */
export function useRejected(jobId: number, errors: number) {
  return useQuery({
    queryKey: ["imports", jobId, "rejected", errors],
    queryFn: async () => {
      const options = { params: { path: { job_id: jobId } } };
      return (await answered(api.GET("/api/truelayer/import/{job_id}/rejected", options))).rejected;
    },
  });
}
