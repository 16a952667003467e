import type { ImportEvent } from "../../../api/types";
import { formatDay } from "../../../lib/formatDay";

const WORDS: Record<string, string> = {
  job_started: "Import started",
  job_finished: "Import ended",
  job_status_changed: "Import status:",
  job_pause_asked: "Paused by you",
  job_resumed: "Resumed by you",
  job_cancelled: "Cancelled by you",
  job_retried: "Retried by you",
  job_committed: "Dry run committed",
  job_discarded: "Dry run discarded",
  job_undone: "Import undone",
  job_redone: "Import redone",
  enrichment_scheduled: "Enrichment scheduled",
  enrichment_started: "Enrichment started",
  enrichment_ended: "Enrichment ended",
  account_started: "Attempt started",
  account_completed: "Account completed",
  account_failed: "Account failed",
  account_waiting: "Account waiting",
  account_cancelled: "Account cancelled",
  account_pending: "Account queued",
  batch_stored: "Rows stored",
  window_completed: "Days fetched and stored",
  window_split: "Fewer days per request",
  days_refused: "The bank refused these days",
  rows_rejected: "Rows rejected",
  pending_rejected: "Pending rows rejected",
  pending_replaced: "Pending rows updated",
};

/** An event in words. */
export function wordsOf(event: ImportEvent): string {
  const { payload, type } = event;
  const status = type === "job_status_changed" && typeof payload.status === "string" ? ` ${payload.status}` : "";
  const parts = [`${WORDS[type] ?? type.replaceAll("_", " ")}${status}`];
  if (typeof payload.from === "string" && typeof payload.to === "string") {
    parts.push(`${formatDay(payload.from)} – ${formatDay(payload.to)}`);
  }
  if (typeof payload.synced === "number") parts.push(`${payload.synced} new so far`);
  if (type.endsWith("_rejected") && typeof payload.errors === "number") parts.push(`${payload.errors} of them`);
  if (typeof payload.message === "string" && payload.message) parts.push(payload.message);
  return parts.join(", ");
}
