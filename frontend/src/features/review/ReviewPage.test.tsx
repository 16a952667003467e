import { screen, within } from "@testing-library/react";
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
  const card = await screen.findByRole("article", { name: /CAFE 12/ });
  expect(card).toHaveTextContent("My cafe");
  expect(card).toHaveTextContent("Cafe Twelve");
  await userEvent.click(within(card).getByRole("button", { name: "Keep mine" }));
  expect(asked).toHaveBeenCalledWith({ review_ids: ["2"], decision: "kept" });
  expect(await screen.findByText("Stored row kept.")).toBeVisible();
});

it("says what accepting the bank's side of several conflicts does before it is done", async () => {
  server.use(answer("get", "/api/reviews", { reviews: [LACKING, DISAGREES], next_cursor: null }));
  show(<ReviewPage decided={false} onShow={() => undefined} />);
  await userEvent.click(await screen.findByRole("button", { name: "Select all" }));
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
  const card = await screen.findByRole("article", { name: /COFFEE HOUSE/ });

  expect(card).toHaveTextContent("several payments of this day and amount at once");
  expect(card).toHaveTextContent("Gifts");
});

it("does not show the number of an account while its name loads", async () => {
  server.use(
    answer("get", "/api/reviews", { reviews: [UNSURE], next_cursor: null }),
    hang("get", "/api/truelayer/connections"),
  );
  show(<ReviewPage decided={false} onShow={() => undefined} />);
  const card = await screen.findByRole("article", { name: /COFFEE HOUSE/ });

  expect(card).toHaveTextContent("· … · found by import 4");
  expect(card).not.toHaveTextContent(/account \d/);
});
