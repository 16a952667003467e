/** The search parameters of the transfers page: status and least confidence of the pairs, or one pair. */
import { id, searchOf, word } from "../../lib/search";

export const STATUSES = ["suggested", "confirmed", "refused"] as const;
export type Status = (typeof STATUSES)[number];

export const LEAST = ["0.5", "0.7", "0.9"] as const;
export type Least = (typeof LEAST)[number];

/** Suggested pairs are the default, so an address does not name that status. */
export const readTransfersSearch = searchOf({ status: word(["confirmed", "refused"]), least: word(LEAST), pair: id });
export type TransfersSearch = ReturnType<typeof readTransfersSearch>;

/** The pairs that the page requests. */
export function wantedPairs({ status, least }: TransfersSearch): { status: Status; min_confidence?: Least } {
  return { status: status ?? "suggested", ...(least ? { min_confidence: least } : {}) };
}
