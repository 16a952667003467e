import { expect, it } from "vitest";
import type { ImportEvent } from "../../../api/types";
import { secondsOf, stagesOf } from "./stagesOf";

/** An event by its number, type and account, some seconds after the start. */
function event(number: number, type: string, account: string | null, seconds: number): ImportEvent {
  const created_at = new Date(Date.UTC(2026, 5, 17) + seconds * 1_000).toISOString();
  return { event_id: number, job_id: "12", account_id: account, type, created_at, payload: {} } as ImportEvent;
}

it("an account's attempt is one stage with its duration, however the accounts' events mix", () => {
  const stages = stagesOf([
    event(1, "job_started", null, 0),
    event(2, "account_started", "7", 1),
    event(3, "account_started", "8", 1),
    event(4, "window_completed", "7", 4),
    event(5, "account_waiting", "8", 5),
    event(6, "account_completed", "7", 9),
    event(7, "account_started", "8", 60),
    event(8, "batch_stored", "8", 62),
  ]);

  expect(stages.map((stage) => [stage.accountId, stage.events.map(({ event_id }) => event_id), stage.isOver])).toEqual([
    [null, [1], true],
    ["7", [2, 4, 6], true],
    ["8", [3, 5], true],
    ["8", [7, 8], false],
  ]);
  expect(stages.map(secondsOf)).toEqual([null, 8, 4, 2]);
});

it("an attempt that began before the first known event is a stage too", () => {
  const stages = stagesOf([event(40, "batch_stored", "7", 0), event(41, "account_failed", "7", 3)]);

  expect(stages).toHaveLength(1);
  expect(stages[0]?.isOver).toBe(true);
});
