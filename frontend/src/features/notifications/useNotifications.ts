import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import type { components } from "../../api/schema.gen";

type Schemas = components["schemas"];
export type Told = Schemas["NotificationRead"];
export type Channel = Schemas["ChannelRead"];
export type Delivery = Schemas["DeliveryRead"];
export type QuietHours = Schemas["QuietHours"];

const REFRESH_MS = 30_000;

/** The newest notifications and how many are unread; the socket says when there are new ones. */
export function useNewest() {
  return useQuery({
    queryKey: ["notifications", "newest"],
    queryFn: () => answered(api.GET("/api/notifications", { params: { query: { limit: 8 } } })),
    refetchInterval: REFRESH_MS,
  });
}

/** All notifications, a page at a time. */
export function useNotifications(unread: boolean) {
  return useInfiniteQuery({
    queryKey: ["notifications", "list", unread],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      answered(
        api.GET("/api/notifications", {
          params: { query: { limit: 50, unread, ...(pageParam === null ? {} : { cursor: pageParam }) } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  });
}

export function useChannels() {
  return useQuery({
    queryKey: ["notifications", "channels"],
    queryFn: async () => (await answered(api.GET("/api/notifications/channels"))).channels,
  });
}

export function useWebhooks() {
  return useQuery({
    queryKey: ["notifications", "webhooks"],
    queryFn: async () => (await answered(api.GET("/api/webhooks"))).webhooks,
  });
}

export function useQuietHours() {
  return useQuery({
    queryKey: ["notifications", "quiet-hours"],
    queryFn: () => answered(api.GET("/api/notifications/quiet-hours")),
  });
}

/** A webhook's delivery log, newest first. */
export function useDeliveries(webhookId: number) {
  return useQuery({
    queryKey: ["notifications", "deliveries", webhookId],
    queryFn: async () =>
      (
        await answered(
          api.GET("/api/webhooks/{channel_id}/deliveries", {
            params: { path: { channel_id: webhookId }, query: { limit: 20 } },
          }),
        )
      ).deliveries,
    refetchInterval: 5_000,
  });
}

/** A change after which everything about notifications is read again. */
export function useChange<Variables, Result>(change: (variables: Variables) => Promise<Result>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () => client.invalidateQueries({ queryKey: ["notifications"] }),
  });
}
