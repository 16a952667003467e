import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, it, vi } from "vitest";
import { show } from "../../test/render";
import { answer, hang, refuse, server } from "../../test/server";
import { aTransaction } from "../../test/transactions";
import { ReviewPage } from "./ReviewPage";
import type { Review } from "./useReviews";

const LACKING: Review = {
  id: "1",
  kind: "bank_lacks_row",
  job_id: "4",
  transaction: aTransaction({ id: "11", description: "GONE SHOP" }),
  ours: { date: "2026-03-05", amount: "-3.50" },
  banks: {},
  decision: null,
  created_at: "2026-03-06T10:00:00Z",
  decided_at: null,
};
const DISAGREES: Review = {
  ...LACKING,
  id: "2",
  kind: "bank_disagrees",
  transaction: aTransaction({ id: "12", description: "CAFE 12" }),
  ours: { merchant: "My cafe" },
  banks: { merchant: "Cafe Twelve" },
};

const UNSURE: Review = {
  ...LACKING,
  id: "3",
  kind: "unsure_which",
  transaction: aTransaction({ id: "13", description: "COFFEE HOUSE" }),
  ours: { description: "CARD 1234", category: "Gifts" },
  banks: { description: "COFFEE HOUSE", category: null },
};

beforeEach(() => server.use(answer("get", "/api/truelayer/connections", { connections: [] })));

it("shows both sides of a conflict, and decides it", async () => {
  const asked = vi.fn();
  server.use(
    answer("get", "/api/reviews", { reviews: [DISAGREES], next_cursor: null }),
    http.post("*/api/reviews/decide", async ({ request }) => {
      asked(await request.json());
      return HttpResponse.json({ reviews: [{ ...DISAGREES, decision: "kept" }], problems: {} });
    }),
  );
  show(<ReviewPage decided={false} onShow={() => undefined} />);
  const row = await screen.findByRole("row", { name: /CAFE 12/ });
  expect(row).toHaveTextContent("My cafe");
  expect(row).toHaveTextContent("Cafe Twelve");
  await userEvent.click(within(row).getByRole("button", { name: "Keep mine" }));
  expect(asked).toHaveBeenCalledWith({ review_ids: ["2"], decision: "kept" });
  expect(await screen.findByText("Stored row kept.")).toBeVisible();
});

it("says what accepting the bank's side of several conflicts does before it is done", async () => {
  server.use(answer("get", "/api/reviews", { reviews: [LACKING, DISAGREES], next_cursor: null }));
  show(<ReviewPage decided={false} onShow={() => undefined} />);
  await userEvent.click(await screen.findByRole("checkbox", { name: "Select all shown" }));
  await userEvent.click(screen.getByRole("button", { name: "Use the bank's values for 2" }));
  const dialog = await screen.findByRole("dialog");
  expect(dialog).toHaveTextContent("1 row is removed.");
  expect(dialog).toHaveTextContent("Your values on 1 row are replaced");
});

it("says that there is nothing to review, or what went wrong", async () => {
  server.use(answer("get", "/api/reviews", { reviews: [], next_cursor: null }));
  const { unmount } = show(<ReviewPage decided={false} onShow={() => undefined} />);
  expect(await screen.findByRole("heading", { name: "Nothing to review" })).toBeVisible();
  unmount();
  server.use(refuse("get", "/api/reviews", 503, "database_unreachable", "the database cannot be reached"));
  show(<ReviewPage decided={false} onShow={() => undefined} />);
  expect(await screen.findByText("the database cannot be reached")).toBeVisible();
});

it("says that an edit may belong to another payment", async () => {
  server.use(answer("get", "/api/reviews", { reviews: [UNSURE], next_cursor: null }));
  show(<ReviewPage decided={false} onShow={() => undefined} />);
  const row = await screen.findByRole("row", { name: /COFFEE HOUSE/ });

  expect(row).toHaveTextContent("several payments of this day and amount at once");
  expect(row).toHaveTextContent("Gifts");
});

it("does not show the number of an account while its name loads", async () => {
  server.use(
    answer("get", "/api/reviews", { reviews: [UNSURE], next_cursor: null }),
    hang("get", "/api/truelayer/connections"),
  );
  show(<ReviewPage decided={false} onShow={() => undefined} />);
  const row = await screen.findByRole("row", { name: /COFFEE HOUSE/ });

  expect(row).toHaveTextContent("5 Mar 2026 · …");
  expect(row).toHaveTextContent("Found by import 4");
  expect(row).not.toHaveTextContent(/account \d/);
});

it("decides all conflicts of one kind, names those that failed, and undoes the others", async () => {
  const requests: unknown[] = [];
  const also: Review = { ...LACKING, id: "4", transaction: aTransaction({ id: "14", description: "LOST SHOP" }) };
  server.use(
    answer("get", "/api/reviews", { reviews: [LACKING, DISAGREES, also], next_cursor: null }),
    http.post("*/api/reviews/decide", async ({ request }) => {
      requests.push(await request.json());
      return HttpResponse.json({ reviews: [{ ...LACKING, decision: "taken" }], problems: { 4: "not_possible_now" } });
    }),
    http.post("*/api/reviews/:id/reopen", ({ params }) => {
      requests.push(`reopen ${params.id as string}`);
      return HttpResponse.json(LACKING);
    }),
  );
  show(<ReviewPage decided={false} onShow={() => undefined} />);
  await userEvent.click(await screen.findByRole("button", { name: "Select 2 missing at the bank" }));
  await userEvent.click(screen.getByRole("button", { name: "Remove 2 rows" }));
  const dialog = await screen.findByRole("dialog", { name: "Remove 2 rows?" });
  expect(requests).toEqual([]);
  await userEvent.click(within(dialog).getByRole("button", { name: "Remove the rows" }));

  expect(await screen.findByText("Bank's values used.")).toBeVisible();
  expect(screen.getByText("Saving 1 of 2 decisions failed").parentElement).toHaveTextContent(
    "LOST SHOP, 5 Mar 2026: it was resolved in the meantime",
  );
  await userEvent.click(screen.getByRole("button", { name: "Undo" }));
  expect(await screen.findByText("Decision undone.")).toBeVisible();
  expect(requests).toEqual([{ review_ids: ["1", "4"], decision: "taken" }, "reopen 1"]);
});

it("takes decisions by keys", async () => {
  const requests: unknown[] = [];
  server.use(
    answer("get", "/api/reviews", { reviews: [LACKING, DISAGREES], next_cursor: null }),
    http.post("*/api/reviews/decide", async ({ request }) => {
      requests.push(await request.json());
      return HttpResponse.json({ reviews: [DISAGREES], problems: {} });
    }),
  );
  show(<ReviewPage decided={false} onShow={() => undefined} />);
  (await screen.findByRole("grid", { name: "Review" })).focus();
  await userEvent.keyboard("jc");
  expect(await screen.findByText("Stored row kept.")).toBeVisible();
  await waitFor(() => expect(screen.getByRole("button", { name: "Keep mine" })).toBeEnabled());
  await userEvent.keyboard("  kb");
  await screen.findByText("Bank's values used.");
  expect(requests).toEqual([
    { review_ids: ["2"], decision: "kept" },
    { review_ids: ["1"], decision: "taken" },
  ]);
});
