import { describe, expect, it } from "vitest";
import type { ImportStatus } from "../api/types";
import { type ImportNews, needsWholeStatus, newest, withNews } from "./importNews";

function aJob(last_event_id: number): ImportStatus {
  // Only what news touches; the rest of the shape comes from the API.
  return {
    job_id: 1,
    status: "running",
    last_event_id,
    completed_at: null,
    estimated_completion: null,
    progress: { completed_accounts: 0, total_accounts: 2, percent: 0 },
    total_so_far: { synced: 0, duplicates: 0, errors: 0 },
    accounts: [
      { account_id: "7", synced: 0, duplicates: 0, errors: 0, pending: 0, percent: 0 },
      { account_id: "8", synced: 5, duplicates: 1, errors: 0, pending: 0, percent: 50 },
    ],
  } as unknown as ImportStatus;
}

function news(more: Partial<ImportNews>): ImportNews {
  return {
    event_id: 3,
    from_event_id: 3,
    job_id: 1,
    account_id: "7",
    type: "batch_stored",
    created_at: "2026-01-01T00:00:00Z",
    status: "running",
    percent: 25,
    completed_accounts: 0,
    total_accounts: 2,
    total_so_far: { synced: 15, duplicates: 1, errors: 0 },
    estimated_completion: "2026-01-01T00:01:00Z",
    synced: 10,
    duplicates: 0,
    errors: 0,
    days_done: 50,
    days_total: 100,
    ...more,
  };
}

describe("news of an import", () => {
  it("moves the numbers of its account and of the job, and of no other account", () => {
    const job = withNews(aJob(2), news({}));

    expect(job.accounts[0]).toMatchObject({ synced: 10, percent: 50 });
    expect(job.accounts[1]).toMatchObject({ synced: 5, percent: 50 });
    expect(job).toMatchObject({ last_event_id: 3, progress: { percent: 25 }, total_so_far: { synced: 15 } });
  });

  it("that is older than what is known changes nothing", () => {
    const known = aJob(3);

    expect(withNews(known, news({}))).toBe(known);
  });

  it("of the end ends the job", () => {
    const job = withNews(aJob(2), news({ type: "job_finished", account_id: null, status: "completed", percent: 100 }));

    expect(job).toMatchObject({ status: "completed", completed_at: "2026-01-01T00:00:00Z" });
  });

  it("never shows an account as done before it is", () => {
    expect(withNews(aJob(2), news({ days_done: 100 })).accounts[0]?.percent).toBe(99);
  });

  it("asks for the whole status when more changed than it says", () => {
    expect(["batch_stored", "account_failed", "job_finished"].map((type) => needsWholeStatus(news({ type })))).toEqual([
      false,
      true,
      true,
    ]);
  });
});

describe("an answer that was long under way", () => {
  it("does not take the place of newer news", () => {
    const known = aJob(9);

    expect(newest(known, aJob(8))).toBe(known);
    expect(newest(known, aJob(10)).last_event_id).toBe(10);
    expect(newest(undefined, aJob(1)).last_event_id).toBe(1);
  });
});
