import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../api/client";

/** Who is signed in. */
export function useMe() {
  return useQuery({ queryKey: ["me"], queryFn: () => answered(api.GET("/api/auth/me")), staleTime: 60_000 });
}

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { email: string; password: string }) => answered(api.POST("/api/auth/login", { body })),
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
