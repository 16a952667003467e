import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { describe, expect, it, vi } from "vitest";
import { importQueries } from "../../../api/imports";
import type { AccountProgress, ImportStatus } from "../../../api/types";
import { show } from "../../../test/render";
import { answer, server } from "../../../test/server";
import { AccountLanes } from "./AccountLanes";
import { JobActions } from "./JobActions";
import { JobProgress } from "./JobProgress";
import { titleOf } from "./titleOf";

function anAccount(id: string, changes: Partial<AccountProgress>): AccountProgress {
  return {
    account_id: id,
    display_name: `Account ${id}`,
    kind: "account",
    currency: "GBP",
    status: "completed",
    synced: 10,
    duplicates: 0,
    updated: 0,
    errors: 0,
    pending: 0,
    is_paused: false,
    percent: 100,
    started_at: null,
    completed_at: null,
    error: null,
    next_attempt_at: null,
    attempts: [],
    ...changes,
  };
}

const FAILED: ImportStatus = {
  job_id: "12",
  connection_id: "4",
  bank: "Example Bank",
  status: "failed",
  job_type: "date_range",
  auto_enrich: true,
  enrich_at: null,
  is_dry_run: false,
  is_discarded: false,
  date_range: { from: "2026-01-01", to: "2026-01-31" },
  progress: { completed_accounts: 0, failed_accounts: 3, cancelled_accounts: 0, total_accounts: 3, percent: 21 },
  accounts: [
    anAccount("1", { status: "failed", percent: 21, error: { code: "sca_exceeded", message: "the bank refused" } }),
  ],
  created_at: "2026-01-31T10:00:00Z",
  started_at: "2026-01-31T10:00:00Z",
  completed_at: "2026-01-31T13:00:00Z",
  estimated_completion: null,
  worked_seconds: 65,
  is_queue_paused: false,
  total_so_far: { synced: 1234, duplicates: 0, errors: 0 },
  api_calls: 7,
  planned: { api_calls: 9, transactions: 500, duration_seconds: 20 },
  expected_rows: { low: 1234, expected: 1234, high: 1234 },
  cost: { amount: "0", currency: "GBP", amounts: [], unknown: [], parts: [] },
  last_event_id: 9,
};

describe("a failed import", () => {
  it("shows the work done and what failed, in the colour of a failure", async () => {
    show(<JobProgress job={FAILED} />);

    expect(await screen.findByText("21 %, 0 of 3 accounts completed, 3 failed")).toBeVisible();
    const bar = screen.getByRole("progressbar", { name: "21 percent of the import" });
    expect(bar).toHaveAttribute("aria-valuenow", "21");
    expect(bar.getAttribute("style")).toContain("red");
  });

  it("took only as long as it was worked on", async () => {
    show(<JobProgress job={FAILED} />);

    expect(await screen.findByText("1 min 5 s")).toBeVisible();
  });

  it("has a lane per account with the reason", async () => {
    show(<AccountLanes job={FAILED} />);

    const lane = await screen.findByRole("row", { name: "Account 1" });
    expect(within(lane).getByText(/the bank refused/)).toBeVisible();
    expect(within(lane).getByRole("button", { name: "Try again Account 1" })).toBeVisible();
  });

  it("leads to its rows and to a schedule", async () => {
    show(<JobActions job={FAILED} />);

    const rows = await screen.findByRole("link", { name: "See the 1,234 rows" });
    expect(rows).toHaveAttribute("href", "/transactions?job=12");
    expect(screen.getByRole("link", { name: "Schedule this" })).toHaveAttribute("href", "/schedules/new?connection=4");
    expect(screen.getByRole("button", { name: "Undo" })).toBeVisible();
  });
});

it("a running import says how many rows it expects by now, and the range", async () => {
  const expected_rows = { low: 1234, expected: 5678, high: 9012 };
  show(<JobProgress job={{ ...FAILED, status: "running", completed_at: null, expected_rows }} />);

  expect(await screen.findByText("1,234 rows so far, about 5,700 expected (1,234 to 9,000).")).toBeVisible();
});

it("an import under a paused queue offers no pause and no resume", async () => {
  show(<JobActions job={{ ...FAILED, status: "paused", completed_at: null, is_queue_paused: true }} />);

  expect(await screen.findByRole("button", { name: "Cancel" })).toBeVisible();
  expect(screen.queryByRole("button", { name: "Resume" })).toBeNull();
});

it("the answer to a pause does not replace what an event has reported since", async () => {
  const running = { ...FAILED, status: "running" as const, completed_at: null };
  server.use(answer("post", "/api/truelayer/import/12/pause", { ...running, status: "pausing" }));
  const { client } = show(<JobActions job={running} />);
  const { queryKey } = importQueries.status("12");
  const paused = { ...running, status: "paused" as const, last_event_id: 10 };
  client.setQueryData(queryKey, paused);

  await userEvent.click(await screen.findByRole("button", { name: "Pause" }));

  await waitFor(() => expect(client.isMutating()).toBe(0));
  expect(client.getMutationCache().getAll()[0]?.state.status).toBe("success");
  expect(client.getQueryData(queryKey)).toEqual(paused);
});

it("an import that waits until its user is present can be resumed while it waits", async () => {
  const error = { code: "daily_allowance_spent", message: "Example Bank allows 4 calls a day without you" };
  const accounts = [anAccount("1", { status: "waiting", error })];
  show(<JobActions job={{ ...FAILED, status: "waiting", completed_at: null, accounts }} />);

  expect(await screen.findByRole("button", { name: "Resume" })).toBeVisible();
});

it("an import whose user wants it says in a notification how it ended", async () => {
  const shown: unknown[] = [];
  function Shown(title: string, options: { body: string }) {
    shown.push([title, options.body]);
  }
  Shown.permission = "default";
  Shown.requestPermission = () => Promise.resolve("granted");
  vi.stubGlobal("Notification", Shown);
  const running = { ...FAILED, status: "running" as const, completed_at: null };
  function Ending() {
    const [job, setJob] = useState<ImportStatus>(running);
    return (
      <>
        <JobActions job={job} />
        <button onClick={() => setJob(FAILED)}>end it</button>
      </>
    );
  }
  show(<Ending />);

  await userEvent.click(await screen.findByRole("button", { name: "Notify me at the end" }));
  expect(await screen.findByRole("button", { name: "Notify me at the end", pressed: true })).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "end it" }));

  expect(shown).toEqual([["Import 12 failed", "Example Bank: 1,234 new rows, 0 of 3 accounts completed, 3 failed"]]);
  vi.unstubAllGlobals();
});

describe("the title of the tab", () => {
  const now = Date.parse("2026-01-31T10:00:00Z");

  it("says how long a running import still takes", () => {
    const job = {
      ...FAILED,
      status: "running" as const,
      completed_at: null,
      estimated_completion: "2026-01-31T10:03:00Z",
    };

    expect(titleOf(job, now)).toBe("21 %, 3 min left, Import 12 running");
  });

  it("says how an import ended", () => {
    expect(titleOf(FAILED, now)).toBe("Import 12 failed");
  });
});
