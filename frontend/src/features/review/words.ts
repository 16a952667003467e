import { t } from "@lingui/core/macro";
import { formatDay } from "../../lib/dates";
import type { Review } from "./useReviews";

/** Whether the question is about a row that the bank no longer lists. */
export function isLacking({ kind }: Review): boolean {
  return kind === "bank_lacks_row";
}

/** Names a conflict by its row. */
export function reviewWords({ transaction }: Review): string {
  return `${transaction.description || t`no description`}, ${formatDay(transaction.date)}`;
}
