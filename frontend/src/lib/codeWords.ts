/** The words for codes of the API that the page shows on their own: states, kinds of imports, and what costs money. */
import type { MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";

const WORDS: Record<string, MessageDescriptor> = {
  active: msg`active`,
  completed: msg`completed`,
  succeeded: msg`succeeded`,
  running: msg`running`,
  syncing: msg`syncing`,
  enriching: msg`enriching`,
  queued: msg`queued`,
  pending: msg`pending`,
  booked: msg`booked`,
  answered: msg`answered`,
  malformed: msg`malformed`,
  reserved: msg`reserved`,
  stopped: msg`stopped`,
  planned: msg`planned`,
  waiting: msg`waiting`,
  pausing: msg`pausing`,
  paused: msg`paused`,
  cancelled: msg`cancelled`,
  skipped: msg`skipped`,
  undone: msg`undone`,
  partly_failed: msg`partly failed`,
  failed: msg`failed`,
  expired: msg`expired`,
  removed: msg`removed`,
  date_range: msg`date range`,
  incremental: msg`incremental`,
  full_sync: msg`full sync`,
  connection_month: msg`connection month`,
  calls: msg`calls`,
  enrichment: msg`enrichment`,
  daily: msg`daily`,
  weekly: msg`weekly`,
  monthly: msg`monthly`,
};

/** The words for a code. Codes that only the API knows are shown as they are, with spaces. */
export function codeWords(code: string): string {
  const words = WORDS[code];
  return words === undefined ? code.replaceAll("_", " ") : t(words);
}
