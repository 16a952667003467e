import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { show } from "../../test/render";
import { server } from "../../test/server";
import { EnrichmentPage } from "./EnrichmentPage";

const PATH = "*/api/truelayer/enrichment";

const JOB = {
  id: "3",
  import_job_id: "7",
  job_status: "stopped",
  total_transactions: 10,
  processed: 4,
  successful: 3,
  failed: 0,
  calls: 2,
  total_cost: null,
  currency: null,
  error_message: "6 of 10 transactions are left",
};
const DOUBT = {
  merchant_key: "zed",
  direction: "out",
  rows: 2,
  money: "7.00",
  currency: "GBP",
  category: null,
  confidence: null,
  example_id: "41",
  example: "ZED 1001",
};

function answerWith(jobs: unknown[], doubts: unknown[]) {
  server.use(
    http.get(`${PATH}/jobs`, () => HttpResponse.json({ jobs, next_cursor: null })),
    http.get(`${PATH}/review`, () => HttpResponse.json({ doubts })),
    http.get(`${PATH}/categories`, () =>
      HttpResponse.json({
        categories: [{ id: "1", name: "Groceries", parent_id: null, colour: "#00ff00", is_archived: false }],
      }),
    ),
  );
}

test("a stopped job says what is left, and that its cost is unknown", async () => {
  answerWith([JOB], []);
  show(<EnrichmentPage />);
  expect(await screen.findByText("6 of 10 transactions are left")).toBeInTheDocument();
  expect(screen.getByText(/2 calls of unknown cost/)).toBeInTheDocument();
  expect(screen.getByRole("button", { name: "Resume enrichment 3" })).toBeInTheDocument();
});

test("a correction shows what it changes before it can be applied", async () => {
  const sent: unknown[] = [];
  answerWith([], [DOUBT]);
  server.use(
    http.post(`${PATH}/corrections/preview`, () =>
      HttpResponse.json({ matching: 2, changing: 2, kept_by_user: 0, samples: [] }),
    ),
    http.post(`${PATH}/corrections`, async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json({ id: "1" }, { status: 201 });
    }),
  );
  const user = userEvent.setup();
  show(<EnrichmentPage />);
  const apply = await screen.findByRole("button", { name: "Learn and apply" });
  expect(apply).toBeDisabled();
  await user.click(screen.getByRole("combobox", { name: "Category of ZED 1001" }));
  await user.click(await screen.findByRole("option", { name: "Groceries", hidden: true }));
  expect(await screen.findByText(/2 rows would change/)).toBeInTheDocument();
  await user.click(apply);
  await expect.poll(() => sent).toEqual([{ transaction_id: 41, category: "Groceries", apply: true }]);
});
