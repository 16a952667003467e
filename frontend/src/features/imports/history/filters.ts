/** The search parameters of the import history. */
import { id, searchOf, word } from "../../../lib/search";

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
export const readHistoryFilter = searchOf({ status: word(STATUSES), type: word(JOB_TYPES), bank: id });
export type HistoryFilter = ReturnType<typeof readHistoryFilter>;
