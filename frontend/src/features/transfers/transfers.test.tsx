import { screen, waitFor, within } from "@testing-library/react";
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

const PAIRS = [
  aPair(),
  aPair({ id: "6", amount: "60.00" }),
  aPair({ id: "7", amount: "70.00", is_whole: false }),
  aPair({ id: "8", amount: "80.00" }),
];

/** Keeps the path of each decision; the pair 6 cannot be decided. */
function decisions() {
  const paths: string[] = [];
  server.use(
    answer("get", LIST, aPage(PAIRS)),
    http.post(`*${LIST}/:id/:action`, ({ params }) => {
      paths.push(`${params.id as string} ${params.action as string}`);
      return params.id === "6"
        ? HttpResponse.json({ code: "not_possible_now", message: "the row has another transfer" }, { status: 409 })
        : HttpResponse.json(aPair({ id: params.id as string, status: "confirmed" }));
    }),
    http.post(`*${LIST}/reopen`, async ({ request }) => {
      const { transfer_ids } = (await request.json()) as { transfer_ids: string[] };
      paths.push(`${transfer_ids.join("+")} reopen`);
      return HttpResponse.json({ reopened: transfer_ids.length });
    }),
  );
  return paths;
}

function aPage(transfers: Transfer[], more: object = {}) {
  const counts = { suggested: transfers.length, confirmed: 3, refused: 1 };
  return { transfers, counts, matching: transfers.length, next_cursor: null, ...more };
}

beforeEach(() => server.use(answer("get", "/api/truelayer/connections", { connections: [] })));

describe("several pairs", () => {
  it("are confirmed together; a pair that fails is named and stays selected, the others are undone by Ctrl+Z", async () => {
    const paths = decisions();
    show(<TransfersPage search={{}} onSearch={() => undefined} />);
    await userEvent.click(await screen.findByRole("checkbox", { name: "Select all shown" }));
    const bar = screen.getByRole("region", { name: "Selected rows" });
    expect(bar).toHaveTextContent("4 selected");
    await userEvent.click(within(bar).getByRole("button", { name: "Confirm 3" }));

    expect(await screen.findByText("2 transfers confirmed.")).toBeVisible();
    const failure = screen.getByText("Saving 1 of 3 decisions failed");
    expect(failure.parentElement).toHaveTextContent("£60.00, 5 Mar 2026: the row has another transfer");
    expect(screen.getByRole("checkbox", { name: "Select £60.00, 5 Mar 2026" })).toBeChecked();
    await userEvent.keyboard("{Control>}z{/Control}");
    expect(await screen.findByText("2 decisions undone.")).toBeVisible();
    expect(paths).toEqual(["5 confirm", "6 confirm", "8 confirm", "5+8 reopen"]);
  });

  it("are not tried further once the API is unreachable", async () => {
    let requests = 0;
    server.use(
      answer("get", LIST, aPage(PAIRS)),
      http.post(`*${LIST}/:id/:action`, () => {
        requests += 1;
        return HttpResponse.error();
      }),
    );
    show(<TransfersPage search={{}} onSearch={() => undefined} />);
    await userEvent.click(await screen.findByRole("checkbox", { name: "Select all shown" }));
    await userEvent.click(screen.getByRole("button", { name: "Not a transfer: 4" }));
    expect(await screen.findByText("Saving 4 of 4 decisions failed")).toBeVisible();
    expect(requests).toBe(1);
  });

  it("are decided by keys: the current row, or the selected ones", async () => {
    const paths = decisions();
    show(<TransfersPage search={{}} onSearch={() => undefined} />);
    const grid = await screen.findByRole("grid", { name: "Transfers" });
    grid.focus();
    await userEvent.keyboard("{ArrowDown}jk{End}r");
    await screen.findByText("Not a transfer: it will not be suggested again.");
    expect(paths).toEqual(["8 refuse"]);
    const [first] = screen.getAllByRole("button", { name: "Confirm" });
    await waitFor(() => expect(first).toBeEnabled());
    await userEvent.keyboard("{Home} j c");
    await screen.findByText(/Saving 1 of 2 decisions failed/);
    expect(paths.slice(1)).toEqual(["5 confirm", "6 confirm"]);
    await waitFor(() => expect(grid).toHaveFocus());
  });
});

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
    const row = await screen.findByRole("row", { name: /£250\.00/ });
    expect(row).toHaveTextContent("Almost certain, 97%");
    expect(row).toHaveTextContent("Equal amounts 1 day apart, one side names the other account.");
    expect(row).toHaveTextContent("TO SAVINGS");
    expect(row).toHaveTextContent("FROM CURRENT");
    await userEvent.click(within(row).getByRole("button", { name: "Confirm" }));
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
    for (const row of await screen.findAllByRole("row", { name: /TO SAVINGS/ })) {
      expect(within(row).getByRole("button", { name: "Confirm" })).toBeDisabled();
      expect(within(row).getByRole("button", { name: "Undo the decision" })).toBeEnabled();
    }
    await userEvent.click(screen.getByRole("checkbox", { name: "Select all shown" }));
    expect(screen.queryByRole("button", { name: /^Confirm \d/ })).toBeNull();
    expect(screen.getByRole("button", { name: "Undo 2" })).toBeEnabled();
    expect(screen.getByText(/Redo that import/)).toBeVisible();
    expect(screen.getByText(/no longer match/)).toBeVisible();
  });

  it("shows a single pair when opened from a row", async () => {
    const onSearch = vi.fn();
    server.use(answer("get", LIST, aPage([])), answer("get", `${LIST}/5`, aPair({ status: "confirmed" })));
    show(<TransfersPage search={{ pair: "5" }} onSearch={onSearch} />);
    expect(await screen.findByRole("row", { name: /TO SAVINGS/ })).toHaveTextContent("Confirmed");
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
