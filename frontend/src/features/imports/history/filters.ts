/** Which imports the history shows, as the address holds it. */
export const STATUSES = [
  "completed",
  "enriching",
  "partly_failed",
  "failed",
  "cancelled",
  "undone",
  "running",
  "paused",
  "waiting",
] as const;
export const JOB_TYPES = ["date_range", "incremental", "full_sync"] as const;
export type HistoryFilter = {
  status?: (typeof STATUSES)[number];
  type?: (typeof JOB_TYPES)[number];
  bank?: number;
};

/** The filter that an address holds; what makes no sense in it is left out. */
export function readHistoryFilter(search: Record<string, unknown>): HistoryFilter {
  const status = STATUSES.find((name) => name === search.status);
  const type = JOB_TYPES.find((name) => name === search.type);
  const bank = Number(search.bank);
  return {
    ...(status ? { status } : {}),
    ...(type ? { type } : {}),
    ...(Number.isInteger(bank) && bank > 0 ? { bank } : {}),
  };
}
