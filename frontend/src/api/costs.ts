import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answered, api } from "./client";
import type { paths } from "./schema.gen";

const PATH = "/api/truelayer/analytics/costs";
const PAGE = 100;

type CostsQuery = NonNullable<paths[typeof PATH]["get"]["parameters"]["query"]>;
type Rows = "charges" | "calls" | "imports" | "connection-months" | "llm-calls" | "enrichments";
type RowsQuery = Omit<NonNullable<paths[`${typeof PATH}/${Rows}`]["get"]["parameters"]["query"]>, "limit" | "cursor">;

/** One query per kind of rows: the same pages and keys, another path. */
function rowsOf<Page extends { next_cursor: string | null }>(
  rows: Rows,
  read: (options: { params: { query: RowsQuery & { limit: number; cursor?: string } } }) => Promise<Page>,
) {
  return (query: RowsQuery) =>
    infiniteQueryOptions({
      queryKey: [...costQueries.all, rows, query],
      initialPageParam: null as string | null,
      queryFn: ({ pageParam }) =>
        read({ params: { query: { ...query, limit: PAGE, ...(pageParam === null ? {} : { cursor: pageParam }) } } }),
      getNextPageParam: (page) => page.next_cursor,
    });
}

/** What imports and enrichment cost, and the rows behind every figure. */
export const costQueries = {
  all: ["costs"] as const,

  summary: (query: CostsQuery) =>
    queryOptions({
      queryKey: [...costQueries.all, query],
      queryFn: () => answered(api.GET(PATH, { params: { query } })),
      placeholderData: keepPreviousData,
    }),

  charges: rowsOf("charges", (options) => answered(api.GET(`${PATH}/charges`, options))),
  calls: rowsOf("calls", (options) => answered(api.GET(`${PATH}/calls`, options))),
  imports: rowsOf("imports", (options) => answered(api.GET(`${PATH}/imports`, options))),
  connectionMonths: rowsOf("connection-months", (options) => answered(api.GET(`${PATH}/connection-months`, options))),
  llmCalls: rowsOf("llm-calls", (options) => answered(api.GET(`${PATH}/llm-calls`, options))),
  enrichments: rowsOf("enrichments", (options) => answered(api.GET(`${PATH}/enrichments`, options))),
};
