import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import type { components } from "../../api/schema.gen";

export type PrivateNames = components["schemas"]["PrivateNamesRead"];

const KEY = ["private-names"];
const PATH = "/api/truelayer/enrichment/names";

/** The names that are taken out of all that leaves for a model. */
export function usePrivateNames() {
  return useQuery({ queryKey: KEY, queryFn: () => answered(api.GET(PATH)) });
}

/** Keep these names of one's own, and no others. */
export function useSetPrivateNames() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (names: string[]) => answered(api.PUT(PATH, { body: { names } })),
    onSuccess: (kept) => client.setQueryData(KEY, kept),
  });
}
