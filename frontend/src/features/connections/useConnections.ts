import { useQuery } from "@tanstack/react-query";
import { answered, api } from "../../api/client";

/** The user's banks, oldest first. */
export function useConnections() {
  return useQuery({
    queryKey: ["connections"],
    queryFn: async () => (await answered(api.GET("/api/truelayer/connections"))).connections,
  });
}
