/** The search parameters of the queue page. */
import { id, searchOf, word } from "../../../lib/search";
export const PARTS = ["running", "queued", "waiting", "paused", "recent"] as const;
export type Part = (typeof PARTS)[number];

export const PART_NAMES: Record<Part, string> = {
  running: "Running",
  queued: "Queued",
  waiting: "Waiting",
  paused: "Paused",
  recent: "Recently finished",
};

export const readFilter = searchOf({ show: word(PARTS), bank: id });
export type QueueFilter = ReturnType<typeof readFilter>;
