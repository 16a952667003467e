/** What the address of the transfers page holds: which pairs, how sure they are at least, and one pair looked at alone. */

export const STATUSES = ["suggested", "confirmed", "refused"] as const;
export type Status = (typeof STATUSES)[number];

export const LEAST = ["0.5", "0.7", "0.9"] as const;
export type Least = (typeof LEAST)[number];

export type TransfersSearch = { status?: Status; least?: Least; pair?: number };

/** What of a URL's search makes sense; the rest is left out. */
export function readTransfersSearch(search: Record<string, unknown>): TransfersSearch {
  const status = STATUSES.find((word) => word === search.status);
  // The router reads 0.5 in a URL as a number.
  const least = LEAST.find((value) => value === String(search.least));
  const pair = Number(search.pair);
  return {
    ...(status && status !== "suggested" ? { status } : {}),
    ...(least ? { least } : {}),
    ...(Number.isInteger(pair) && pair > 0 ? { pair } : {}),
  };
}
