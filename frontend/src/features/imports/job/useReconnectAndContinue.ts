import { useMutation } from "@tanstack/react-query";
import { answered, api } from "../../../api/client";

/** Redirects to the bank's consent pages; the failed parts of the job resume when the consent is renewed. */
export function useReconnectAndContinue(jobId: string) {
  return useMutation({
    mutationFn: () =>
      answered(api.POST("/api/truelayer/import/{job_id}/reauthorize", { params: { path: { job_id: jobId } } })),
    onSuccess: (answer) => window.location.assign(answer.authorization_url),
  });
}
