import type { ImportEvent } from "../../../api/types";
import { formatDay } from "../../../lib/formatDay";

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
      return ["The import began"];
    case "job_finished":
      return ["The import ended", soFar(event)];
    case "job_status_changed":
      return [`The import is now ${event.status}`];
    case "job_pause_asked":
      return ["You paused it"];
    case "job_resumed":
      return ["You resumed it"];
    case "job_cancelled":
      return ["You cancelled it"];
    case "job_retried":
      return ["You retried what failed"];
    case "job_committed":
      return ["The dry run was committed"];
    case "job_discarded":
      return ["The dry run was discarded"];
    case "job_undone":
      return ["The import was undone"];
    case "job_redone":
      return ["The import was redone"];
    case "enrichment_scheduled":
      return ["Merchants and categories will be found at the time that was set"];
    case "enrichment_started":
      return ["Merchants and categories are being found"];
    case "enrichment_ended":
      return ["Enrichment ended"];
    case "account_started":
      return ["Attempt began"];
    case "account_completed":
      return ["Account complete", soFar(event)];
    case "account_failed":
      return ["Account failed", soFar(event), event.message];
    case "account_waiting":
      return ["Account waits", soFar(event), event.message];
    case "account_pending":
      return ["Account waits for its turn", soFar(event), event.message];
    case "batch_stored":
      return ["Rows stored", days(event), soFar(event)];
    case "window_completed":
      return ["Days read whole and stored", days(event), soFar(event)];
    case "window_split":
      return ["Fewer days are requested at a time", days(event), event.message];
    case "days_refused":
      return ["The bank does not give these days", days(event), event.message];
    case "rows_rejected":
      return [`Rows rejected: ${event.errors}`];
    case "block_repeated":
      return [`The bank gave ${event.repeated} rows twice in one answer; they are stored once`];
    case "pending_rejected":
      return [`Pending rows rejected: ${event.errors}`];
    case "pending_replaced":
      return ["Pending rows updated"];
    case "pending_unavailable":
      return ["The bank did not give the pending rows", event.message];
    case "balance_unavailable":
      return ["The bank did not give the balance", event.message];
    case "other":
      return [event.stored_type.replaceAll("_", " ")];
    default:
      return [unknown(event)];
  }
}

/** An event of a newer server, of which this page has no words; of the server it was built with there is none. */
function unknown(event: never): string {
  return (event as Payload).type.replaceAll("_", " ");
}

function days({ from, to }: { from: string; to: string }): string {
  return `${formatDay(from)} – ${formatDay(to)}`;
}

function soFar({ synced }: { synced: number }): string {
  return `${synced} new so far`;
}
