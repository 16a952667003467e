/** What the addresses of the cost pages hold, and the addresses of the rows behind figures. */

export const GROUPS = ["import", "connection", "month"] as const;
export type GroupBy = (typeof GROUPS)[number];

export type CostsQuery = { from?: string; to?: string; group_by?: GroupBy };
export type RowsQuery = {
  from?: string;
  to?: string;
  connection_id?: number;
  job_id?: number;
  connection_below?: number;
  job_below?: number;
  model?: string;
  currency?: string;
  completed?: boolean;
  failed?: boolean;
};

export const ROWS = ["charges", "calls", "imports", "connection-months", "llm-calls", "enrichments"] as const;
export type Rows = (typeof ROWS)[number];

type Search = Record<string, unknown>;

function days(search: Search): { from?: string; to?: string } {
  const isDay = (value: unknown): value is string => typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value);
  return { ...(isDay(search.from) ? { from: search.from } : {}), ...(isDay(search.to) ? { to: search.to } : {}) };
}

export function costsQuery(search: Search): CostsQuery {
  const by = GROUPS.find((group) => group === search.group_by);
  return { ...days(search), ...(by ? { group_by: by } : {}) };
}

export function rowsQuery(search: Search): RowsQuery {
  const id = (name: string) => {
    const value = search[name];
    return value !== undefined && Number.isInteger(Number(value)) ? { [name]: Number(value) } : {};
  };
  const text = (name: string) => {
    const value = search[name];
    return typeof value === "string" && value !== "" ? { [name]: value } : {};
  };
  const flag = (name: string) => (String(search[name]) === "true" ? { [name]: true } : {});
  return {
    ...days(search),
    ...id("connection_id"),
    ...id("job_id"),
    ...id("connection_below"),
    ...id("job_below"),
    ...text("model"),
    ...text("currency"),
    ...flag("completed"),
    ...flag("failed"),
  };
}

/** The page that shows the rows which the API keeps at this path. */
export function rowsPage(path: string): { what: Rows; search: RowsQuery } {
  const url = new URL(path, window.location.origin);
  const what = ROWS.find((name) => url.pathname.endsWith(`/costs/${name}`));
  if (what === undefined) throw new Error(`${path} holds no rows of costs`);
  return { what, search: rowsQuery(Object.fromEntries(url.searchParams)) };
}
