import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { show } from "../../test/render";
import { answer, hang, refuse, server } from "../../test/server";
import { aTransaction } from "../../test/transactions";
import { TransfersPage } from "./TransfersPage";
import { readTransfersSearch } from "./transfersSearch";
import type { Transfer } from "./useTransfers";
import { howSure, restsOn } from "./words";

const LIST = "/api/transactions/transfers";

function aPair(more: Partial<Transfer> = {}): Transfer {
  return {
    id: "5",
    status: "suggested",
    confidence: "0.970",
    days_apart: 1,
    alternatives: 0,
    reasons: ["days_apart", "names_other_account"],
    amount: "250.00",
    currency: "GBP",
    money_out: aTransaction({ id: "1", account_id: "7", amount: "-250.00", description: "TO SAVINGS" }),
    money_in: aTransaction({
      id: "2",
      account_id: "8",
      amount: "250.00",
      description: "FROM CURRENT",
      date: "2026-03-06",
    }),
    is_whole: true,
    fits: true,
    created_at: "2026-03-06T10:00:00Z",
    decided_at: null,
    ...more,
  };
}

function aPage(transfers: Transfer[], more: object = {}) {
  const counts = { suggested: transfers.length, confirmed: 3, refused: 1 };
  return { transfers, counts, matching: transfers.length, next_cursor: null, ...more };
}

beforeEach(() => server.use(answer("get", "/api/truelayer/connections", { connections: [] })));

describe("the transfers page", () => {
  it("shows both sides with confidence and reasons, confirms, and undoes that", async () => {
    const asked = vi.fn();
    server.use(
      answer("get", LIST, aPage([aPair()])),
      answer("post", `${LIST}/5/confirm`, aPair({ status: "confirmed" })),
      http.post(`*${LIST}/reopen`, async ({ request }) => {
        asked(await request.json());
        return HttpResponse.json({ reopened: 1 });
      }),
    );
    show(<TransfersPage search={{}} onSearch={() => undefined} />);
    const card = await screen.findByRole("article", { name: /250\.00/ });
    expect(card).toHaveTextContent("Almost certain, 97%");
    expect(card).toHaveTextContent("Equal amounts 1 day apart, one side names the other account.");
    expect(card).toHaveTextContent("TO SAVINGS");
    expect(card).toHaveTextContent("FROM CURRENT");
    await userEvent.click(within(card).getByRole("button", { name: "Confirm" }));
    expect(await screen.findByText("Confirmed as a transfer.")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Undo" }));
    expect(await screen.findByText("Decision undone.")).toBeVisible();
    expect(asked).toHaveBeenCalledWith({ transfer_ids: ["5"] });
  });

  it("confirms all sufficiently certain pairs only after a confirmation", async () => {
    const asked = vi.fn();
    server.use(
      answer("get", LIST, aPage([aPair()], { matching: 120 })),
      http.post(`*${LIST}/confirm`, async ({ request }) => {
        asked(await request.json());
        return HttpResponse.json({ confirmed: 119, transfer_ids: ["5"] });
      }),
    );
    show(<TransfersPage search={{ least: "0.9" }} onSearch={() => undefined} />);
    await userEvent.click(await screen.findByRole("button", { name: "Confirm all 120" }));
    const dialog = await screen.findByRole("dialog");
    expect(dialog).toHaveTextContent("at least 90% certain");
    expect(asked).not.toHaveBeenCalled();
    await userEvent.click(within(dialog).getByRole("button", { name: "Confirm all" }));
    expect(await screen.findByText("119 transfers confirmed.")).toBeVisible();
    expect(asked).toHaveBeenCalledWith({ min_confidence: "0.9" });
  });

  it("does not allow confirming a pair with a missing row or different amounts", async () => {
    const pairs = [
      aPair({ id: "6", status: "refused", is_whole: false }),
      aPair({ id: "7", status: "refused", fits: false }),
    ];
    server.use(answer("get", LIST, aPage(pairs)));
    show(<TransfersPage search={{ status: "refused" }} onSearch={() => undefined} />);
    for (const card of await screen.findAllByRole("article")) {
      expect(within(card).getByRole("button", { name: "Confirm" })).toBeDisabled();
      expect(within(card).getByRole("button", { name: "Undo the decision" })).toBeEnabled();
    }
    expect(screen.getByText(/Redo that import/)).toBeVisible();
    expect(screen.getByText(/no longer match/)).toBeVisible();
  });

  it("shows a single pair when opened from a row", async () => {
    const onSearch = vi.fn();
    server.use(answer("get", LIST, aPage([])), answer("get", `${LIST}/5`, aPair({ status: "confirmed" })));
    show(<TransfersPage search={{ pair: "5" }} onSearch={onSearch} />);
    expect(await screen.findByRole("article")).toHaveTextContent("TO SAVINGS");
    await userEvent.click(screen.getByRole("button", { name: "Show all transfers" }));
    expect(onSearch).toHaveBeenCalledWith({});
  });

  it("shows loading, the empty state, or what went wrong", async () => {
    server.use(hang("get", LIST));
    const loading = show(<TransfersPage search={{}} onSearch={() => undefined} />);
    expect(await screen.findByText(/Loading transfers/)).toBeInTheDocument();
    loading.unmount();
    server.use(answer("get", LIST, aPage([])));
    const empty = show(<TransfersPage search={{}} onSearch={() => undefined} />);
    expect(await screen.findByRole("heading", { name: "No suggested transfers" })).toBeVisible();
    empty.unmount();
    server.use(refuse("get", LIST, 503, "database_unreachable", "the database cannot be reached"));
    show(<TransfersPage search={{}} onSearch={() => undefined} />);
    expect(await screen.findByText("the database cannot be reached")).toBeVisible();
  });
});

it("reads only valid parameters from an address", () => {
  expect(readTransfersSearch({ status: "refused", least: 0.7, pair: "12" })).toEqual({
    status: "refused",
    least: "0.7",
    pair: "12",
  });
  expect(readTransfersSearch({ status: "suggested", least: "0.1", pair: "x" })).toEqual({});
});

it("has a word for every confidence and every reason", () => {
  expect(["0.990", "0.700", "0.500", "0.100"].map((value) => howSure(value).word)).toEqual([
    "Almost certain",
    "Likely",
    "Possible",
    "Uncertain",
  ]);
  const reasons = ["same_day", "says_transfer", "looks_like_something_else", "others_fit_as_well"];
  expect(restsOn(aPair({ reasons, alternatives: 2 }))).toEqual([
    "equal amounts on the same day",
    "called a transfer",
    "but it looks like something else, such as a purchase",
    "but 2 other rows fit as well",
  ]);
});
