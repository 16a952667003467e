import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import { connectionQueries } from "../../api/connections";

/** Extends a consent; redirects to the bank if it requires a confirmation. */
export function useExtend(connectionId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      answered(
        api.POST("/api/truelayer/connections/{connection_id}/extend", {
          params: { path: { connection_id: connectionId } },
        }),
      ),
    onSuccess: (answer) => {
      if (answer.authorization_url) window.location.assign(answer.authorization_url);
    },
    // A refusal may say that the consent has ended: the card must show it.
    onSettled: () => client.invalidateQueries({ queryKey: connectionQueries.all }),
  });
}
