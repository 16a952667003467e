import type { ImportEvent } from "../../../api/types";
import { formatDay } from "../../../lib/dates";
import { formatCount } from "../../../lib/formatCount";

type Payload = ImportEvent["payload"];

/** An event in words. */
export function wordsOf(event: ImportEvent): string {
  return partsOf(event.payload)
    .filter((part) => part !== null && part !== "")
    .join(", ");
}

function partsOf(event: Payload): (string | null)[] {
  switch (event.type) {
    case "job_started":
      return ["Import started"];
    case "job_finished":
      return ["Import ended", inAll(event)];
    case "job_status_changed":
      return [`Import status: ${event.status}`];
    case "job_pause_asked":
      return ["Paused by you"];
    case "job_resumed":
      return ["Resumed by you"];
    case "job_cancelled":
      return ["Cancelled by you"];
    case "job_retried":
      return ["Retried by you"];
    case "job_committed":
      return ["Dry run committed"];
    case "job_discarded":
      return ["Dry run discarded"];
    case "job_undone":
      return ["Import undone"];
    case "job_redone":
      return ["Import redone"];
    case "enrichment_scheduled":
      return ["Enrichment scheduled"];
    case "enrichment_started":
      return ["Enrichment started"];
    case "enrichment_ended":
      return ["Enrichment ended"];
    case "account_started":
      return ["Attempt started"];
    case "account_completed":
      return ["Account completed", inAll(event)];
    case "account_failed":
      return ["Account failed", soFar(event), event.message];
    case "account_waiting":
      return ["Account waiting", soFar(event), event.message];
    case "account_pending":
      return ["Account queued", soFar(event), event.message];
    case "batch_stored":
      return ["Rows stored", days(event), soFar(event)];
    case "window_completed":
      return ["Days fetched and stored", days(event), soFar(event)];
    case "window_split":
      return ["Fewer days per request", days(event), event.message];
    case "days_refused":
      return ["The bank refused these days", days(event), event.message];
    case "rows_rejected":
      return [`Rows rejected: ${event.errors}`];
    case "block_repeated":
      return [`The bank returned ${event.repeated} rows twice in one answer; they are stored once`];
    case "pending_rejected":
      return [`Pending rows rejected: ${event.errors}`];
    case "pending_replaced":
      return ["Pending rows updated"];
    case "pending_unavailable":
      return ["The bank did not return pending rows", event.message];
    case "balance_unavailable":
      return ["The bank did not return the balance", event.message];
    case "other":
      return [event.stored_type.replaceAll("_", " ")];
    default:
      return [unknown(event)];
  }
}

/** The name of an event that only a newer server knows. */
function unknown(event: never): string {
  return (event as Payload).type.replaceAll("_", " ");
}

function days({ from, to }: { from: string; to: string }): string {
  return `${formatDay(from)} – ${formatDay(to)}`;
}

function soFar({ synced }: { synced: number }): string {
  return `${formatCount(synced)} new so far`;
}

function inAll({ synced }: { synced: number }): string {
  return `${formatCount(synced)} new`;
}
