/** The filters of the transactions page: as search parameters, and as the API's query. */
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { TransactionQuery } from "../../api/transactions";
import { defined } from "../../lib/defined";
import { day, id, on, searchOf, text, word } from "../../lib/search";

/** A positive amount, such as 12.50. */
export const AMOUNT = /^\d{1,15}(\.\d{1,8})?$/;

/** The filters, as `row` the transaction that is open, and as `sort` the order unless it is newest first. */
export const readSearch = searchOf({
  q: text(),
  account: text(),
  from: day,
  to: day,
  status: word(["booked", "pending"]),
  category: text(),
  uncategorised: on,
  direction: word(["in", "out"]),
  least: text(AMOUNT),
  most: text(AMOUNT),
  job: id,
  enrichment: id,
  rule: id,
  row: id,
  sort: word(["oldest", "largest", "smallest"]),
});

export type Search = ReturnType<typeof readSearch>;
export type Filters = Omit<Search, "row" | "sort">;
export type Sort = NonNullable<Search["sort"]> | "newest";

export const SORTS: Record<Sort, MessageDescriptor> = {
  newest: msg`Newest first`,
  oldest: msg`Oldest first`,
  largest: msg`Largest amount first`,
  smallest: msg`Smallest amount first`,
};

/** The filters as the API's query. */
export function toQuery(filters: Filters): TransactionQuery {
  return defined({
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
