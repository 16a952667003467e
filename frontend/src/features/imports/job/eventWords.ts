import { t } from "@lingui/core/macro";
import type { ImportEvent } from "../../../api/types";
import { formatDay } from "../../../lib/dates";
import { formatCount } from "../../../lib/formatCount";
import { listed } from "../../../lib/listed";

type Payload = ImportEvent["payload"];

/** An event in words. */
export function wordsOf(event: ImportEvent): string {
  return listed(partsOf(event.payload));
}

function partsOf(event: Payload): (string | null)[] {
  switch (event.type) {
    case "job_started":
      return [t`Import started`];
    case "job_finished":
      return [t`Import ended`, inAll(event)];
    case "job_status_changed":
      return [t`Import status: ${{ status: event.status }}`];
    case "job_pause_asked":
      return [t`Paused by you`];
    case "job_resumed":
      return [t`Resumed by you`];
    case "job_cancelled":
      return [t`Cancelled by you`];
    case "job_retried":
      return [t`Retried by you`];
    case "job_committed":
      return [t`Dry run committed`];
    case "job_discarded":
      return [t`Dry run discarded`];
    case "job_undone":
      return [t`Import undone`];
    case "job_redone":
      return [t`Import redone`];
    case "enrichment_scheduled":
      return [t`Enrichment scheduled`];
    case "enrichment_started":
      return [t`Enrichment started`];
    case "enrichment_ended":
      return [t`Enrichment ended`];
    case "account_started":
      return [t`Attempt started`];
    case "account_completed":
      return [t`Account completed`, inAll(event)];
    case "account_failed":
      return [t`Account failed`, soFar(event), event.message];
    case "account_waiting":
      return [t`Account waiting`, soFar(event), event.message];
    case "account_pending":
      return [t`Account queued`, soFar(event), event.message];
    case "batch_stored":
      return [t`Rows stored`, days(event), soFar(event)];
    case "window_completed":
      return [t`Days fetched and stored`, days(event), soFar(event)];
    case "window_split":
      return [t`Fewer days per request`, days(event), event.message];
    case "days_refused":
      return [t`The bank refused these days`, days(event), event.message];
    case "rows_rejected":
      return [t`Rows rejected: ${{ errors: event.errors }}`];
    case "block_repeated":
      return [t`The bank returned ${{ repeated: event.repeated }} rows twice in one answer; they are stored once`];
    case "pending_rejected":
      return [t`Pending rows rejected: ${{ errors: event.errors }}`];
    case "pending_replaced":
      return [t`Pending rows updated`];
    case "pending_unavailable":
      return [t`The bank did not return pending rows`, event.message];
    case "balance_unavailable":
      return [t`The bank did not return the balance`, event.message];
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
  return t`${{ synced: formatCount(synced) }} new so far`;
}

function inAll({ synced }: { synced: number }): string {
  return t`${{ synced: formatCount(synced) }} new`;
}
