import { expect, test } from "vitest";
import type { ImportStatus } from "../../../api/types";
import { stateOf } from "./stateOf";

function aJob(status: ImportStatus["status"], percent: number, total_accounts = 1) {
  const isOpen = ["queued", "running", "paused", "waiting"].includes(status);
  return { status, progress: { percent, total_accounts }, completed_at: isOpen ? null : "2026-06-17T12:00:00Z" };
}

test.each([
  ["one that runs beside a finished one", [aJob("completed", 100), aJob("running", 20, 3)], 40, "running"],
  ["all complete", [aJob("completed", 100), aJob("completed", 100)], 100, "completed"],
  ["one failed", [aJob("completed", 100), aJob("failed", 0)], 50, "partly_failed"],
  ["all failed", [aJob("failed", 0), aJob("failed", 30)], 15, "failed"],
  ["one still enriched", [aJob("completed", 100), aJob("enriching", 100)], 100, "enriching"],
  ["one paused", [aJob("completed", 100), aJob("paused", 99)], 99, "paused"],
])("%s", (_, jobs, percent, status) => {
  expect(stateOf(jobs)).toEqual({ percent, status });
});
