import type { ImportEvent } from "../../../api/types";
import { formatDay } from "../../../lib/formatDay";

const WORDS: Record<string, string> = {
  job_started: "The import began",
  job_finished: "The import ended",
  job_status_changed: "The import is now",
  job_pause_asked: "You paused it",
  job_resumed: "You let it go on",
  job_cancelled: "You cancelled it",
  job_retried: "You had it try again what failed",
  job_committed: "The dry run was committed",
  job_discarded: "The dry run was given up",
  job_undone: "It was undone",
  job_redone: "The undo was taken back",
  enrichment_scheduled: "Merchants and categories will be found at the time that was set",
  enrichment_started: "Merchants and categories are being found",
  enrichment_ended: "Enrichment came to rest",
  account_started: "Attempt began",
  account_completed: "Account complete",
  account_failed: "Account failed",
  account_waiting: "Account waits",
  account_cancelled: "Account cancelled",
  account_pending: "Account waits for its turn",
  batch_stored: "Rows stored",
  window_completed: "Days read whole and stored",
  window_split: "Fewer days are asked for at a time",
  days_refused: "The bank does not give these days",
  rows_rejected: "Rows were kept aside",
  pending_rejected: "Pending rows were kept aside",
  pending_replaced: "Pending rows brought up to date",
};

/** An event in words. */
export function wordsOf(event: ImportEvent): string {
  const { payload, type } = event;
  const name = WORDS[type] ?? type.replaceAll("_", " ");
  const isNamed = type === "job_status_changed" && typeof payload.status === "string";
  const parts = [isNamed ? `${name} ${payload.status}` : name];
  if (typeof payload.from === "string" && typeof payload.to === "string") {
    parts.push(`${formatDay(payload.from)} – ${formatDay(payload.to)}`);
  }
  if (typeof payload.synced === "number") parts.push(`${payload.synced} new so far`);
  if (type.endsWith("_rejected") && typeof payload.errors === "number") parts.push(`${payload.errors} of them`);
  if (typeof payload.message === "string" && payload.message) parts.push(payload.message);
  return parts.join(", ");
}
