import { useQuery } from "@tanstack/react-query";
import { answered, api } from "../../../api/client";

/** The user's connections, to narrow a list by. */
export function useBankNames() {
  return useQuery({
    queryKey: ["connections"],
    queryFn: async () => (await answered(api.GET("/api/truelayer/connections"))).connections,
  });
}
