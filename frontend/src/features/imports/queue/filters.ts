/** What of the queue is shown, as the address holds it. */
export const PARTS = ["running", "queued", "waiting", "paused", "recent"] as const;
export type Part = (typeof PARTS)[number];
export type QueueFilter = { show?: Part; bank?: number };

export const PART_NAMES: Record<Part, string> = {
  running: "Running",
  queued: "Queued",
  waiting: "Waiting",
  paused: "Paused",
  recent: "Finished lately",
};

/** The filter that an address holds; what makes no sense in it is left out. */
export function readFilter(search: Record<string, unknown>): QueueFilter {
  const show = PARTS.find((part) => part === search.show);
  const bank = Number(search.bank);
  return { ...(show ? { show } : {}), ...(Number.isInteger(bank) && bank > 0 ? { bank } : {}) };
}
