import type { ImportEvent } from "../../../api/types";

/** What happened to one account in one attempt, or one event of the whole job. Events are oldest first. */
export type Stage = { accountId: string | null; events: [ImportEvent, ...ImportEvent[]]; isOver: boolean };

const ENDS = new Set(["account_completed", "account_failed", "account_waiting", "account_pending"]);

/** Groups events, oldest first, into stages, in the order in which these began. */
export function stagesOf(events: ImportEvent[]): Stage[] {
  const stages: Stage[] = [];
  const open = new Map<string, Stage>();
  for (const event of events) {
    const { account_id: accountId } = event;
    const stage = accountId === null ? undefined : open.get(accountId);
    if (stage && event.type !== "account_started") {
      stage.events.push(event);
      stage.isOver = ENDS.has(event.type);
    } else {
      const isOver = accountId === null || ENDS.has(event.type);
      const begun: Stage = { accountId, events: [event], isOver };
      stages.push(begun);
      if (accountId !== null) open.set(accountId, begun);
    }
    if (accountId !== null && open.get(accountId)?.isOver) open.delete(accountId);
  }
  return stages;
}

/** How long a stage took, in seconds: from its first to its last event; null for a single event. */
export function secondsOf({ events }: Stage): number | null {
  const last = events[events.length - 1];
  if (last === undefined || last === events[0]) return null;
  return (Date.parse(last.created_at) - Date.parse(events[0].created_at)) / 1_000;
}
