/** Sign-in through other providers. */
import { queryOptions } from "@tanstack/react-query";
import { answered, api } from "./client";

export const providersQuery = queryOptions({
  queryKey: ["providers"],
  queryFn: () => answered(api.GET("/api/auth/oidc")),
  staleTime: Infinity,
});

/** Leaves for a provider, which sends the browser back to this page, signed in. */
export async function signInAt(provider: string) {
  const { pathname, search } = window.location;
  const body = { return_to: `${pathname}${search}` };
  const params = { path: { provider } };
  const { url } = await answered(api.POST("/api/auth/oidc/{provider}/sign-in", { params, body }));
  window.location.assign(url);
}

/** What signs in a user who came back from a provider and has a second factor: a code, or what a passkey signed. */
export async function giveSecondFactor(factor: { code: string } | { passkey: Record<string, unknown> }) {
  return answered(api.POST("/api/auth/oidc/second-factor", { body: factor }));
}

/** Ends the sign-in that waits for a second factor, to sign in another way. */
export async function giveUpSecondFactor() {
  return answered(api.DELETE("/api/auth/oidc/second-factor"));
}

/** Leaves for a provider, to link the account there to the user who is signed in. */
export async function linkAt(provider: string) {
  const { url } = await answered(api.POST("/api/auth/oidc/{provider}/link", { params: { path: { provider } } }));
  window.location.assign(url);
}
