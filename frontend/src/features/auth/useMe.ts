import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import { meQuery } from "../../api/me";
import { signedByPasskey } from "../../api/passkeys";
import { giveSecondFactor } from "../../api/providers";

/** What signs a user in by password; the second factor is a code, or a passkey that the browser asks for. */
type Credentials = { email: string; password: string; code?: string; withPasskey?: boolean };

/** Who is signed in. */
export function useMe() {
  return useQuery(meQuery);
}

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ withPasskey = false, ...known }: Credentials) => {
      const body = withPasskey ? { ...known, passkey: await signedByPasskey() } : known;
      return answered(api.POST("/api/auth/login", { body }));
    },
    onSuccess: () => client.resetQueries(),
  });
}

export function useSignInByPasskey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () =>
      answered(api.POST("/api/auth/passkeys/sign-in", { body: { credential: await signedByPasskey() } })),
    onSuccess: () => client.resetQueries(),
  });
}

/** The second factor after a provider signed the user in: a code, or a passkey that the browser asks for. */
export function useSecondFactor() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (code?: string) =>
      giveSecondFactor(code === undefined ? { passkey: await signedByPasskey() } : { code }),
    onSuccess: () => client.resetQueries(),
  });
}

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => answered(api.POST("/api/auth/logout")),
    onSuccess: () => client.resetQueries(),
  });
}
