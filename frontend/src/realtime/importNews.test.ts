import { describe, expect, it } from "vitest";
import type { ImportStatus } from "../api/types";
import { type ImportNews, needsWholeStatus, withNews } from "./importNews";
import { newest } from "./newest";

function aJob(last_event_id: number): ImportStatus {
  // Only what news touches; the rest of the shape comes from the API.
  return {
    job_id: "1",
    status: "running",
    last_event_id,
    completed_at: null,
    estimated_completion: null,
    progress: { completed_accounts: 0, failed_accounts: 0, cancelled_accounts: 0, total_accounts: 2, percent: 0 },
    api_calls: 1,
    total_so_far: { synced: 0, duplicates: 0, errors: 0 },
    accounts: [
      { account_id: "7", synced: 0, duplicates: 0, errors: 0, pending: 0, percent: 0 },
      { account_id: "8", synced: 5, duplicates: 1, errors: 0, pending: 0, percent: 50 },
    ],
  } as unknown as ImportStatus;
}

const PLACE = {
  event_id: 3,
  from_event_id: 3,
  job_id: "1",
  created_at: "2026-01-01T00:00:00Z",
  status: "running",
  percent: 25,
  completed_accounts: 0,
  failed_accounts: 0,
  cancelled_accounts: 0,
  total_accounts: 2,
  api_calls: 4,
  worked_seconds: 3,
  expected_rows: { low: 10, expected: 40, high: 60 },
  total_so_far: { synced: 15, duplicates: 1, errors: 0 },
  estimated_completion: "2026-01-01T00:01:00Z",
} as const;

const STORED = {
  ...PLACE,
  type: "batch_stored",
  account_id: "7",
  from: "2026-01-01",
  to: "2026-01-31",
  synced: 10,
  duplicates: 0,
  errors: 2,
  days_done: 50,
  days_total: 100,
} as const satisfies ImportNews;

const FAILED = {
  ...PLACE,
  type: "account_failed",
  account_id: "7",
  synced: 10,
  duplicates: 0,
  errors: 2,
  error_code: "bank_down",
  message: "the bank is down",
  next_attempt_at: null,
} as const satisfies ImportNews;

const FINISHED = {
  ...PLACE,
  type: "job_finished",
  account_id: null,
  status: "completed",
  percent: 100,
  synced: 15,
  duplicates: 1,
  errors: 2,
} as const satisfies ImportNews;

describe("an event of an import", () => {
  it("changes the numbers of its account and of the job, and of no other account", () => {
    const job = withNews(aJob(2), STORED);

    expect(job.accounts[0]).toMatchObject({ synced: 10, percent: 50 });
    expect(job.accounts[1]).toMatchObject({ synced: 5, percent: 50 });
    expect(job).toMatchObject({ last_event_id: 3, progress: { percent: 25 }, total_so_far: { synced: 15 } });
    expect(job).toMatchObject({ api_calls: 4, worked_seconds: 3 });
  });

  it("that is older than the known state changes nothing", () => {
    const known = aJob(3);

    expect(withNews(known, STORED)).toBe(known);
  });

  it("of the end ends the job", () => {
    const job = withNews(aJob(2), FINISHED);

    expect(job).toMatchObject({ status: "completed", completed_at: "2026-01-01T00:00:00Z" });
  });

  it.each([
    ["completed", "completed", 100],
    ["cancelled", "cancelled", 50],
    ["partly_failed", "syncing", 50],
  ] as const)("of a job that ends as %s leaves no account open unless its end is unknown", (status, shown, percent) => {
    const known = aJob(2);
    known.accounts = known.accounts.map((account) => ({ ...account, status: "syncing" }));

    expect(withNews(known, { ...FINISHED, status }).accounts[1]).toMatchObject({ status: shown, percent });
  });

  it("moves the status of its account with the job's", () => {
    const failed = withNews(aJob(2), { ...FAILED, status: "failed" });

    expect(failed.status).toBe("failed");
    expect(failed.accounts[0]?.status).toBe("failed");
  });

  it("never shows an account as done before it is", () => {
    expect(withNews(aJob(2), { ...STORED, days_done: 100 }).accounts[0]?.percent).toBe(99);
  });

  it("requests the whole status if more has changed than it contains", () => {
    expect([STORED, FAILED, FINISHED].map(needsWholeStatus)).toEqual([false, true, true]);
  });

  it("of rejected rows does not change the account's total until it is known", () => {
    const known = withNews(aJob(2), STORED);

    const job = withNews(known, { ...PLACE, event_id: 4, type: "rows_rejected", account_id: "7", errors: 1 });

    expect(job.accounts[0]?.errors).toBe(2);
    expect(needsWholeStatus({ ...PLACE, type: "rows_rejected", account_id: "7", errors: 1 })).toBe(true);
  });

  it("of an unknown type changes the job and requests the whole status", () => {
    const unknown = { ...PLACE, type: "job_split", account_id: null } as unknown as ImportNews;

    expect(withNews(aJob(2), unknown)).toMatchObject({ last_event_id: 3, progress: { percent: 25 } });
    expect(needsWholeStatus(unknown)).toBe(true);
  });
});

describe("a late answer", () => {
  it("does not replace newer state", () => {
    const known = aJob(9);

    expect(newest(known, aJob(8))).toBe(known);
    expect(newest(known, aJob(10)).last_event_id).toBe(10);
    expect(newest(undefined, aJob(1)).last_event_id).toBe(1);
  });
});
