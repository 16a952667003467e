import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { answered, api } from "./client";

const PATH = "/api/notifications";

/** Notifications, and where they are sent. */
export const notificationQueries = {
  all: ["notifications"] as const,

  /** The newest ones and the number of unread ones; also polled, for pages without a socket. */
  newest: () =>
    queryOptions({
      queryKey: [...notificationQueries.all, "newest"],
      queryFn: () => answered(api.GET(PATH, { params: { query: { limit: 8 } } })),
      refetchInterval: 30_000,
    }),

  /** All or unread ones, newest first, a page at a time. */
  list: (unread: boolean) =>
    infiniteQueryOptions({
      queryKey: [...notificationQueries.all, "list", unread],
      initialPageParam: null as string | null,
      queryFn: ({ pageParam }) => {
        const query = { limit: 50, unread, ...(pageParam === null ? {} : { cursor: pageParam }) };
        return answered(api.GET(PATH, { params: { query } }));
      },
      getNextPageParam: (page) => page.next_cursor,
    }),

  /** The kinds of events that a channel can be limited to. */
  kinds: () =>
    queryOptions({
      queryKey: [...notificationQueries.all, "kinds"],
      queryFn: async () => (await answered(api.GET(`${PATH}/kinds`))).kinds,
      staleTime: Number.POSITIVE_INFINITY,
    }),

  channels: () =>
    queryOptions({
      queryKey: [...notificationQueries.all, "channels"],
      queryFn: async () => (await answered(api.GET(`${PATH}/channels`))).channels,
    }),

  webhooks: () =>
    queryOptions({
      queryKey: [...notificationQueries.all, "webhooks"],
      queryFn: async () => (await answered(api.GET("/api/webhooks"))).webhooks,
    }),

  /** The delivery log of a webhook, newest first. */
  deliveries: (webhookId: string) =>
    queryOptions({
      queryKey: [...notificationQueries.all, "deliveries", webhookId],
      queryFn: async () => {
        const params = { path: { channel_id: webhookId }, query: { limit: 20 } };
        return (await answered(api.GET("/api/webhooks/{channel_id}/deliveries", { params }))).deliveries;
      },
      refetchInterval: 5_000,
    }),

  quietHours: () =>
    queryOptions({
      queryKey: [...notificationQueries.all, "quiet-hours"],
      queryFn: () => answered(api.GET(`${PATH}/quiet-hours`)),
    }),
};
