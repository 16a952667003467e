import { useQuery } from "@tanstack/react-query";
import { answered, api } from "./client";

/** All of the user's categories, archived ones too; they are loaded anew when the server says that they changed. */
export function useCategoryTree() {
  return useQuery({
    queryKey: ["enrichment", "categories"],
    queryFn: async () => (await answered(api.GET("/api/truelayer/enrichment/categories"))).categories,
    staleTime: 30_000,
  });
}
