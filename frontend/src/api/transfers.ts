import { infiniteQueryOptions, queryOptions, skipToken } from "@tanstack/react-query";
import { answered, api } from "./client";
import type { paths } from "./schema.gen";

const PATH = "/api/transactions/transfers";
const PAGE = 50;

type TransferQuery = NonNullable<paths["/api/transactions/transfers"]["get"]["parameters"]["query"]>;

/** Pairs of rows that move money between the user's own accounts. */
export const transferQueries = {
  all: ["transfers"] as const,

  /** The pairs that match, most confident first. */
  list: (query: TransferQuery) =>
    infiniteQueryOptions({
      queryKey: [...transferQueries.all, "list", query],
      initialPageParam: null as string | null,
      queryFn: ({ pageParam }) => {
        const page = { limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) };
        return answered(api.GET(PATH, { params: { query: { ...query, ...page } } }));
      },
      getNextPageParam: (page) => page.next_cursor,
    }),

  one: (id: string | undefined) =>
    queryOptions({
      queryKey: [...transferQueries.all, "one", id],
      queryFn:
        id === undefined
          ? skipToken
          : () => answered(api.GET(`${PATH}/{transfer_id}`, { params: { path: { transfer_id: id } } })),
    }),
};
