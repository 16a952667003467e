import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, it } from "vitest";
import type { QueueEntry } from "../../../api/types";
import { show } from "../../../test/render";
import { server } from "../../../test/server";
import { QueuePage } from "./QueuePage";

const QUEUE = "*/api/truelayer/import/queue";

function entry(job_id: string, changes: Partial<QueueEntry> = {}): QueueEntry {
  return {
    job_id,
    connection_id: "1",
    bank: "Plain Bank",
    job_type: "date_range",
    status: "queued",
    date_range: { from: "2026-05-01", to: "2026-06-01" },
    percent: 0,
    completed_accounts: 0,
    failed_accounts: 0,
    cancelled_accounts: 0,
    total_accounts: 1,
    rows: 0,
    errors: 0,
    api_calls: 0,
    planned: { transactions: 10, api_calls: 4, duration_seconds: 5 },
    expected_rows: { low: 5, expected: 10, high: 20 },
    cost: { amount: "0.00", currency: null, amounts: [], unknown: [], parts: [] },
    estimated_completion: null,
    created_at: "2026-06-17T12:00:00Z",
    started_at: null,
    completed_at: null,
    runs_next: false,
    place: null,
    why: null,
    until: null,
    ...changes,
  };
}

function answer(queued: QueueEntry[], counts = {}) {
  const parts = { running: [], waiting: [], paused: [], recent: [] };
  server.use(http.get(QUEUE, () => HttpResponse.json({ is_paused: false, counts, queued, ...parts })));
}

it("says what a queued import waits for, and runs it next on request", async () => {
  answer([
    entry("1", { place: 1, why: "waits for a free worker" }),
    entry("2", { place: 2, why: "1 of your imports starts before it" }),
  ]);
  const requests: unknown[] = [];
  server.use(
    http.post("*/api/truelayer/import/2/next", async ({ request }) => {
      requests.push(await request.json());
      return HttpResponse.json({});
    }),
  );
  show(<QueuePage filter={{}} onFilter={() => undefined} />);

  expect(await screen.findByText("1 of your imports starts before it")).toBeVisible();
  expect(screen.queryByRole("button", { name: "Run next: import 1" })).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Run next: import 2" }));
  expect(requests).toEqual([{ wanted: true }]);
});

it("offers to run next only what is queued behind another import", async () => {
  server.use(
    http.get(QUEUE, () =>
      HttpResponse.json({
        is_paused: false,
        counts: {},
        queued: [entry("1", { place: 1 }), entry("2", { place: 2 })],
        running: [entry("4", { status: "running" }), entry("5", { status: "running", runs_next: true })],
        waiting: [entry("6", { status: "waiting" })],
        paused: [entry("7", { status: "paused" })],
        recent: [],
      }),
    ),
  );
  show(<QueuePage filter={{}} onFilter={() => undefined} />);

  await screen.findByRole("checkbox", { name: "Select import 7" });
  expect(screen.getAllByRole("button", { name: /^Run (next|in turn): / }).map((button) => button.ariaLabel)).toEqual([
    "Run next: import 2",
  ]);
});

it("does not count imports that are still enriched among those that ended", async () => {
  answer([], { completed: 4, enriching: 2, failed: 1, running: 1 });
  show(<QueuePage filter={{}} onFilter={() => undefined} />);

  const ended = within(await screen.findByRole("group", { name: "Ended so far" }));
  expect(ended.getAllByRole("link").map((link) => link.textContent)).toEqual(["4 completed", "1 failed"]);
  const enriched = within(screen.getByRole("group", { name: "All rows stored, enrichment running" }));
  expect(enriched.getByRole("link", { name: "2 enriching" })).toHaveAttribute("href", "/imports?status=enriching");
});

it("cancels several imports only after a confirmation", async () => {
  answer([entry("1", { place: 1 }), entry("2", { place: 2 })], { queued: 2, failed: 3 });
  const requests: unknown[] = [];
  server.use(
    http.post(`${QUEUE}/bulk`, async ({ request }) => {
      requests.push(await request.json());
      return HttpResponse.json({ outcomes: { 1: "cancelled", 2: "cancelled" } });
    }),
  );
  show(<QueuePage filter={{}} onFilter={() => undefined} />);

  expect(await screen.findByRole("link", { name: "3 failed" })).toBeVisible();
  await userEvent.click(screen.getByRole("checkbox", { name: "Select all: Queued" }));
  await userEvent.click(screen.getByRole("button", { name: "Cancel (2)" }));
  expect(requests).toEqual([]);
  const dialog = await screen.findByRole("dialog", { name: "Cancel 2 imports?" });
  await userEvent.click(within(dialog).getByRole("button", { name: "Cancel 2 imports" }));
  expect(requests).toEqual([{ action: "cancel", job_ids: ["1", "2"] }]);
});

it("shows only imports of the kind in its address", async () => {
  answer([entry("1"), entry("2", { job_type: "full_sync" })]);
  show(<QueuePage filter={{ kind: "full_sync" }} onFilter={() => undefined} />);

  expect(await screen.findByRole("checkbox", { name: "Select import 2" })).toBeVisible();
  expect(screen.queryByRole("checkbox", { name: "Select import 1" })).toBeNull();
  expect(screen.getByText(/calls.*, costs: /)).toBeInTheDocument();
});
