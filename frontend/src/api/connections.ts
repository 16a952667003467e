import { queryOptions, skipToken } from "@tanstack/react-query";
import { answered, api } from "./client";

const PATH = "/api/truelayer/connections";

/** The user's connections to banks. */
export const connectionQueries = {
  all: ["connections"] as const,

  /** Oldest first. */
  list: () =>
    queryOptions({
      queryKey: [...connectionQueries.all],
      queryFn: async () => (await answered(api.GET(PATH))).connections,
    }),

  /** How many imports and schedules end when the connection is removed. */
  ends: (id: string) =>
    queryOptions({
      queryKey: [...connectionQueries.all, id, "ends"],
      staleTime: 0,
      queryFn: async () => {
        const query = { connection_id: id, recent: 0 };
        const [queue, listed] = await Promise.all([
          answered(api.GET("/api/truelayer/import/queue", { params: { query } })),
          answered(api.GET("/api/truelayer/import/schedules")),
        ]);
        const jobs = queue.queued.length + queue.running.length + queue.waiting.length + queue.paused.length;
        const schedules = listed.schedules.filter((schedule) => schedule.connection_id === id);
        return { jobs, schedules: schedules.length };
      },
    }),

  /** The secret address of the calendar of consents. */
  calendar: () =>
    queryOptions({ queryKey: ["consent-calendar"], queryFn: () => answered(api.GET(`${PATH}/calendar`)) }),
};

/** The accounts and cards of connections. */
export const accountQueries = {
  all: ["accounts"] as const,

  of: (connectionId: string | null) =>
    queryOptions({
      queryKey: [...accountQueries.all, connectionId],
      queryFn:
        connectionId === null
          ? skipToken
          : async () => {
              const params = { path: { connection_id: connectionId } };
              return (await answered(api.GET(`${PATH}/{connection_id}/accounts`, { params }))).accounts;
            },
    }),
};

/** Accounts that look like older ones which the bank moved to a new provider id, and those that were continued. */
export const continuationQueries = {
  all: ["continuations"] as const,

  list: () =>
    queryOptions({
      queryKey: [...continuationQueries.all],
      queryFn: () => answered(api.GET("/api/truelayer/accounts/continuations")),
    }),
};
