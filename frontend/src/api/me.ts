import { queryOptions } from "@tanstack/react-query";
import { answered, api } from "./client";

/** Who is signed in. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: () => answered(api.GET("/api/auth/me")),
  staleTime: 60_000,
  // Another tab may have signed out.
  refetchOnWindowFocus: "always",
});
