/** The search parameters of the queue page. */
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { id, searchOf, word } from "../../../lib/search";
import { JOB_TYPES } from "../history/filters";

export const PARTS = ["running", "queued", "waiting", "paused", "recent"] as const;
export type Part = (typeof PARTS)[number];

export const PART_NAMES: Record<Part, MessageDescriptor> = {
  running: msg`Running`,
  queued: msg`Queued`,
  waiting: msg`Waiting`,
  paused: msg`Paused`,
  recent: msg`Recently finished`,
};

export const readFilter = searchOf({ show: word(PARTS), bank: id, kind: word(JOB_TYPES) });
export type QueueFilter = ReturnType<typeof readFilter>;
