import { t } from "@lingui/core/macro";
import type { QueryClient } from "@tanstack/react-query";
import { accountQueries, connectionQueries } from "../api/connections";
import { queryClient } from "../api/queryClient";
import { LoadingState } from "../components/LoadingState";

/** Gets a query's data, from the cache however old: the page itself then refreshes it. */
type Reader = { one: QueryClient["query"]; pages: QueryClient["infiniteQuery"] };

const reader: Reader = {
  one: (options) => queryClient.query({ ...options, staleTime: "static" }),
  pages: (options) => queryClient.infiniteQuery({ ...options, staleTime: "static" }),
};

/** Requests a route's data while its page loads, and draws the page once it is there, so that no part moves another. */
export function drawnAfter(request: (read: Reader, search: Record<string, unknown>) => Promise<unknown>[]) {
  return {
    loader: async ({ location }: { location: { search: Record<string, unknown> } }) => {
      // The page itself shows what failed.
      await Promise.allSettled(request(reader, location.search));
    },
    pendingComponent: () => <LoadingState what={t`page`} />,
    pendingMinMs: 0,
  };
}

/** Requests what `useAccounts` shows: the connections, then the accounts of each. */
export async function readAccounts(read: Reader): Promise<unknown> {
  const connections = await read.one(connectionQueries.list());
  return Promise.allSettled(connections.map(({ id }) => read.one(accountQueries.of(id))));
}
