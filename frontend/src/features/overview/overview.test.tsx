import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Overview } from "../../api/types";
import { show } from "../../test/render";
import { answer, server } from "../../test/server";
import { needsOf } from "./needsOf";
import { OverviewPage } from "./OverviewPage";

const COST = {
  amount: "0.35",
  currency: "GBP",
  amounts: [{ amount: "0.35", currency: "GBP" }],
  unknown: [],
  parts: [],
};

const BANK: Overview["banks"][number] = {
  connection_id: "4",
  bank: "Example Bank",
  status: "active",
  consent_state: "fine",
  consent_ends_at: "2026-08-01T00:00:00Z",
  consent_days_left: 45,
  accounts: 2,
  accounts_never_imported: 0,
  accounts_being_checked: 0,
  accounts_proven: 2,
  last_synced_at: "2026-06-17T10:00:00Z",
  held_until: "2026-06-17",
  proven_until: "2026-06-16",
  broken_days: 0,
  broken_account_id: null,
};

const OVERVIEW: Overview = {
  banks: [BANK],
  failed: [],
  counts: { queue: 0, reviews: 0, transfers: 0, banks: 0, broken_accounts: 0, failed_imports: 0 },
  running: [],
  is_queue_paused: false,
  next_runs: [{ schedule_id: "3", name: "Every morning", bank: "Example Bank", at: "2026-06-18T05:00:00Z" }],
  month: {
    month: "2026-06",
    spent: { ...COST, rows: "/api/truelayer/analytics/costs/charges?from=2026-06-01" },
    projected: COST,
    how: "",
    cap: null,
    days: [],
  },
  months: [{ month: "2026-06", calls: 9, cost: COST }],
  days: [{ day: "2026-06-17", rows: 1234, imports: 1 }],
};

describe("what needs the user", () => {
  it("is nothing while all is well", () => {
    expect(needsOf(OVERVIEW)).toEqual([]);
  });

  it("has a way to settle each of it, banks first", () => {
    const needs = needsOf({
      ...OVERVIEW,
      banks: [{ ...BANK, consent_state: "ending", consent_days_left: 3, broken_days: 2, broken_account_id: "7" }],
      failed: [{ job_id: "12", bank: "Example Bank", status: "partly_failed", completed_at: null }],
      counts: { ...OVERVIEW.counts, reviews: 5, transfers: 1 },
      is_queue_paused: true,
    });

    expect(needs.map(({ text, to }) => [text, to])).toEqual([
      ["The consent to Example Bank ends in 3 days.", "/connections"],
      ["2 days of Example Bank do not add up.", "/proof?account=7"],
      ["The newest import of Example Bank failed in part.", "/imports/12"],
      ["5 rows to review.", "/review"],
      ["1 suggested transfer to confirm.", "/transfers"],
      ["All imports are paused.", "/queue"],
    ]);
  });

  it("is an import where nothing was imported yet", () => {
    expect(needsOf({ ...OVERVIEW, banks: [{ ...BANK, accounts_never_imported: 2 }] })[0]?.to).toBe(
      "/imports/new?connection=4&range=all",
    );
  });
});

describe("the overview", () => {
  it("shows banks, runs, costs and new rows", async () => {
    server.use(answer("get", "/api/overview", OVERVIEW));
    show(<OverviewPage />);

    const banks = await screen.findByRole("table", { name: "Banks" });
    expect(within(banks).getByText("17 Jun 2026")).toBeVisible();
    expect(screen.getByText("Nothing needs you.")).toBeVisible();
    expect(screen.getByRole("link", { name: "Every morning" })).toHaveAttribute("href", "/schedules/3");
    expect(screen.getByRole("img", { name: "1,234 new rows by 1 import in 1 day" })).toBeVisible();
  });

  it("never calls a bank empty or proven whose accounts are not all checked or proven", async () => {
    const one = { ...BANK, accounts_proven: 1 };
    const two = { ...BANK, connection_id: "5", bank: "Second Bank", accounts_being_checked: 2, held_until: null };
    server.use(answer("get", "/api/overview", { ...OVERVIEW, banks: [one, two] }));
    show(<OverviewPage />);

    const banks = await screen.findByRole("table", { name: "Banks" });
    expect(within(banks).getByText("1 of 2 accounts")).toBeVisible();
    expect(within(banks).getByText("being checked")).toBeVisible();
    expect(within(banks).queryByText("nothing yet")).not.toBeInTheDocument();
  });

  it("connects a bank where there is none", async () => {
    server.use(
      answer("get", "/api/overview", { ...OVERVIEW, banks: [] }),
      answer("get", "/api/setup/truelayer", { source: "database" }),
    );
    show(<OverviewPage />);

    expect(await screen.findByRole("button", { name: "Connect a bank" })).toBeVisible();
  });

  it("leads to the set-up of TrueLayer where no bank can be connected yet", async () => {
    server.use(
      answer("get", "/api/overview", { ...OVERVIEW, banks: [] }),
      answer("get", "/api/setup/truelayer", { source: "none" }),
    );
    show(<OverviewPage />);

    const link = await screen.findByRole("link", { name: "Set up TrueLayer" });
    expect(link).toHaveAttribute("href", "/settings/truelayer");
  });
});
