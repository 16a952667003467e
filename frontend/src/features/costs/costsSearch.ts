/** The search parameters of the cost pages, and the addresses of the rows behind figures. */
import * as z from "zod/mini";
import { day, searchOf, text, word } from "../../lib/search";

export const GROUPS = ["import", "connection", "month"] as const;
export type GroupBy = (typeof GROUPS)[number];

const days = { from: day, to: day };
/** An id; 0 stands for the rows without one. */
const idOrNone = text(/^\d{1,19}$/);
const flag = z.pipe(
  word(["true"]),
  z.transform(() => true),
);

export const costsQuery = searchOf({ ...days, group_by: word(GROUPS) });
export type CostsQuery = ReturnType<typeof costsQuery>;

export const rowsQuery = searchOf({
  ...days,
  connection_id: idOrNone,
  job_id: idOrNone,
  connection_below: idOrNone,
  job_below: idOrNone,
  model: text(),
  currency: text(),
  completed: flag,
  failed: flag,
});
export type RowsQuery = ReturnType<typeof rowsQuery>;

export const ROWS = ["charges", "calls", "imports", "connection-months", "llm-calls", "enrichments"] as const;
export type Rows = (typeof ROWS)[number];

/** The page that shows the rows of an API path. */
export function rowsPage(path: string): { what: Rows; search: RowsQuery } {
  const url = new URL(path, window.location.origin);
  const what = ROWS.find((name) => url.pathname.endsWith(`/costs/${name}`));
  if (what === undefined) throw new Error(`${path} is not a path of cost rows`);
  return { what, search: rowsQuery(Object.fromEntries(url.searchParams)) };
}
