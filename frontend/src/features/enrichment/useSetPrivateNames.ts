import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import { enrichmentQueries } from "../../api/enrichment";
import type { components } from "../../api/schema.gen";

export type PrivateNames = components["schemas"]["PrivateNamesRead"];

const PATH = "/api/truelayer/enrichment/names";

/** Replace the user's own list of private names. */
export function useSetPrivateNames() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (names: string[]) => answered(api.PUT(PATH, { body: { names } })),
    onSuccess: (kept) => client.setQueryData(enrichmentQueries.privateNames().queryKey, kept),
  });
}
