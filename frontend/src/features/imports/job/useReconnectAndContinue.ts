import { useMutation } from "@tanstack/react-query";
import { answered, api } from "../../../api/client";

/** Leave for the bank's consent pages; when the consent is renewed, what failed of the job goes on. */
export function useReconnectAndContinue(jobId: number) {
  return useMutation({
    mutationFn: () =>
      answered(api.POST("/api/truelayer/import/{job_id}/reauthorize", { params: { path: { job_id: jobId } } })),
    onSuccess: (answer) => window.location.assign(answer.authorization_url),
  });
}
