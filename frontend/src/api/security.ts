import { queryOptions } from "@tanstack/react-query";
import { answered, api } from "./client";

/** How the user signs in: the browsers that are signed in, passkeys, and the second factor. */
export const securityQueries = {
  all: ["security"] as const,

  sessions: () =>
    queryOptions({ queryKey: ["security", "sessions"], queryFn: () => answered(api.GET("/api/auth/sessions")) }),

  passkeys: () =>
    queryOptions({ queryKey: ["security", "passkeys"], queryFn: () => answered(api.GET("/api/auth/passkeys")) }),

  identities: () =>
    queryOptions({
      queryKey: ["security", "identities"],
      queryFn: () => answered(api.GET("/api/auth/oidc/identities")),
    }),

  secondFactor: () =>
    queryOptions({
      queryKey: ["security", "second-factor"],
      queryFn: () => answered(api.GET("/api/auth/totp")),
    }),
};
