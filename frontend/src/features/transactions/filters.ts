/** The filters of the transactions page: as they stand in the URL, and as the API takes them. */
import type { paths } from "../../api/schema.gen";

export type Filters = {
  q?: string;
  account?: string;
  from?: string;
  to?: string;
  status?: "booked" | "pending";
  category?: string;
  uncategorised?: true;
  direction?: "in" | "out";
  least?: string;
  most?: string;
  job?: number;
  enrichment?: number;
  rule?: number;
};

export type Search = Filters & {
  /** The row that is shown in detail. */
  row?: number;
};

export type FilterQuery = NonNullable<paths["/api/transactions/totals"]["get"]["parameters"]["query"]>;

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const AMOUNT = /^\d{1,15}(\.\d{1,8})?$/;

function text(value: unknown, fits: RegExp = /\S/): string | undefined {
  // The router reads 12 and true in a URL as what they look like; texts are texts.
  const found = ["string", "number", "boolean"].includes(typeof value) ? String(value) : "";
  return fits.test(found) ? found : undefined;
}

function word<T extends string>(value: unknown, words: readonly T[]): T | undefined {
  return words.find((item) => item === value);
}

function count(value: unknown): number | undefined {
  const found = Number(value);
  return Number.isSafeInteger(found) && found > 0 ? found : undefined;
}

/** What of a URL's search makes sense; the rest is left out. */
export function readSearch(search: Record<string, unknown>): Search {
  const read = {
    q: text(search.q),
    account: text(search.account),
    from: text(search.from, DAY),
    to: text(search.to, DAY),
    status: word(search.status, ["booked", "pending"]),
    category: text(search.category),
    uncategorised: search.uncategorised === true ? (true as const) : undefined,
    direction: word(search.direction, ["in", "out"]),
    least: text(search.least, AMOUNT),
    most: text(search.most, AMOUNT),
    job: count(search.job),
    enrichment: count(search.enrichment),
    rule: count(search.rule),
    row: count(search.row),
  };
  return without(read);
}

/** The same without what is undefined. */
export function without<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  // Object.fromEntries forgets which keys there were; none is added here.
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

/** The filters as the API's query. */
export function toQuery(filters: Filters): FilterQuery {
  return without({
    q: filters.q,
    account_id: filters.account,
    from: filters.from,
    to: filters.to,
    status: filters.status,
    category: filters.category,
    categorised: filters.uncategorised ? false : undefined,
    direction: filters.direction,
    least_amount: filters.least,
    most_amount: filters.most,
    import_job_id: filters.job,
    enrichment_job_id: filters.enrichment,
    rule_id: filters.rule,
  });
}

/** Whether anything is filtered at all. */
export function isFiltered(filters: Filters): boolean {
  return Object.keys(toQuery(filters)).length > 0;
}
