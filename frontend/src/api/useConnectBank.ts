import { useMutation } from "@tanstack/react-query";
import { answered, api } from "./client";

/** Redirects to the consent pages: of any bank for null, else to renew that connection. */
export function useConnectBank() {
  return useMutation({
    mutationFn: (connectionId: string | null) =>
      connectionId === null
        ? answered(api.POST("/api/truelayer/connections/authorize", { body: { provider_ids: [] } }))
        : answered(
            api.POST("/api/truelayer/connections/{connection_id}/reauthorize", {
              params: { path: { connection_id: connectionId } },
            }),
          ),
    onSuccess: (answer) => window.location.assign(answer.authorization_url),
  });
}
