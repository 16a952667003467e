import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, it, vi } from "vitest";
import { show } from "../../test/render";
import { answer, refuse, server } from "../../test/server";
import { DiffPage } from "./DiffPage";

const JOB = {
  job_id: "8",
  status: "completed",
  job_type: "date_range",
  is_dry_run: true,
  is_discarded: false,
  date_range: { from: "2026-03-01", to: "2026-03-31" },
  progress: { completed_accounts: 1, total_accounts: 1, percent: 100 },
  accounts: [{ account_id: "7", display_name: "Current", status: "completed", error: null }],
  completed_at: "2026-04-01T10:00:00Z",
};
const ROW = {
  transaction_id: "3",
  date: "2026-03-05",
  amount: "-3.50",
  currency: "GBP",
  description: "CAFE",
  before: {},
  after: {},
};
const DIFF = {
  job_id: "8",
  accounts: [
    {
      account_id: "7",
      display_name: "Current",
      currency: "GBP",
      counts: { new: 0, same: 40, changed: 2, merged: 0, vanished: 0, lacking: 0 },
      balance_effect: "0",
      new: [],
      changed: [
        {
          ...ROW,
          before: { description: "CAFE", content_hash: "aa" },
          after: { description: "CAFE LONDON", content_hash: "bb" },
        },
      ],
      merged: [],
      vanished: [],
      lacking: [],
    },
  ],
};

function serve(job: object) {
  server.use(answer("get", "/api/truelayer/import/status/8", job), answer("get", "/api/truelayer/import/8/diff", DIFF));
  show(<DiffPage jobId="8" />);
}

it("shows changes field by field, how many are shown, and that a commit calls no bank", async () => {
  serve(JOB);
  expect(await screen.findByText("Total: 0 new, 2 changed, 0 would merge, 0 would vanish, 40 the same.")).toBeVisible();
  expect(screen.getByText("Committing does not call the bank again")).toBeVisible();
  const change = screen.getByText("CAFE LONDON").closest("li");
  expect(change).toHaveTextContent("description: CAFE → CAFE LONDON");
  expect(screen.queryByText(/content.hash/)).toBeNull();
  expect(screen.getByText("1 of 2 shown")).toBeVisible();
});

it("waits for the end of the dry run", async () => {
  serve({ ...JOB, status: "running", completed_at: null, progress: { ...JOB.progress, percent: 40 } });
  expect(await screen.findByText(/40% done/)).toBeVisible();
  expect(screen.queryByRole("button", { name: "Commit" })).toBeNull();
});

it("says that there is nothing to show once it is discarded", async () => {
  serve({ ...JOB, is_discarded: true, status: "cancelled" });
  expect(await screen.findByRole("heading", { name: "This dry run was discarded" })).toBeVisible();
});

it("names the accounts that were not fetched completely", async () => {
  const error = { code: "bank_unavailable", message: "the bank did not answer" };
  serve({ ...JOB, status: "partly_failed", accounts: [{ ...JOB.accounts[0], status: "failed", error }] });
  expect(await screen.findByText("Current: the bank did not answer")).toBeVisible();
});

it("asks before discarding, and says what went wrong", async () => {
  const discarded = vi.fn();
  server.use(
    http.post("*/api/truelayer/import/8/discard", () => {
      discarded();
      return HttpResponse.json({ code: "not_possible_now", message: "it was committed meanwhile" }, { status: 409 });
    }),
  );
  serve(JOB);
  await userEvent.click(await screen.findByRole("button", { name: "Discard" }));
  expect(discarded).not.toHaveBeenCalled();
  await userEvent.click(await screen.findByRole("button", { name: "Discard it" }));
  expect((await screen.findAllByText("it was committed meanwhile"))[0]).toBeVisible();
});

it("says why it cannot be shown", async () => {
  server.use(refuse("get", "/api/truelayer/import/status/8", 404, "import_not_found", "you have no import 8"));
  show(<DiffPage jobId="8" />);
  expect(await screen.findByText("you have no import 8")).toBeVisible();
});
