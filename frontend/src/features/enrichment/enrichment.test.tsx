import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, it, vi } from "vitest";
import { anEnrichment, aPreview, CATEGORIES } from "../../test/enrichment";
import { show } from "../../test/render";
import { answer, hang, refuse, server } from "../../test/server";
import { DoubtsPage } from "./DoubtsPage";
import { EnrichmentJobPage } from "./EnrichmentJobPage";
import { EnrichmentPage } from "./EnrichmentPage";
import { NewEnrichmentPage } from "./NewEnrichmentPage";

const PATH = "/api/truelayer/enrichment";
const SPEND = {
  month: "2026-03",
  calls: 2,
  input_tokens: 900,
  output_tokens: 100,
  cached_tokens: 0,
  amounts: [{ amount: "0.02", currency: "USD" }],
  amount: "0.02",
  currency: "USD",
  calls_of_unknown_price: 0,
  reserved_calls: 0,
  monthly_cap: "5.00 USD",
  monthly_cap_left: "4.98",
  monthly_cap_state: "free",
};
const DOUBT = {
  merchant_key: "zed",
  direction: "out",
  rows: 2,
  money: "7.00",
  currency: "GBP",
  category: "Fuel",
  confidence: 0.42,
  example_id: "41",
  example: "ZED 1001",
};

it("a stopped job shows what is left and that its cost is unknown, and accepts another cap", async () => {
  const resumed = vi.fn();
  const job = anEnrichment({
    job_status: "stopped",
    import_job_id: "7",
    processed: 4,
    calls: 2,
    total_cost: null,
    is_undoable: false,
    error_message: "6 of 10 transactions are left",
  });
  server.use(
    answer("get", `${PATH}/jobs`, { jobs: [job], next_cursor: null }),
    answer("get", `${PATH}/spend`, SPEND),
    http.post(`*${PATH}/jobs/3/resume`, async ({ request }) => {
      resumed(await request.json());
      return HttpResponse.json(job);
    }),
  );
  show(<EnrichmentPage />);
  const card = await screen.findByRole("article", { name: "Enrichment 3" });
  expect(card).toHaveTextContent("6 of 10 transactions are left");
  expect(card).toHaveTextContent("2 calls of unknown cost");
  expect(await screen.findByRole("region", { name: "This month" })).toHaveTextContent(/Left of the cap.*4\.98/);
  await userEvent.click(screen.getByRole("button", { name: "Resume enrichment 3" }));
  await userEvent.type(await screen.findByLabelText("Maximum total cost"), "2 USD");
  await userEvent.click(screen.getByRole("button", { name: "Resume it" }));
  await expect.poll(() => resumed.mock.calls).toEqual([[{ cap: "2 USD" }]]);
});

it("without enrichments the page says what to do; a failed load can be retried", async () => {
  server.use(answer("get", `${PATH}/jobs`, { jobs: [], next_cursor: null }), hang("get", `${PATH}/spend`));
  const { unmount } = show(<EnrichmentPage />);
  expect(await screen.findByRole("heading", { name: "No enrichment jobs yet" })).toBeVisible();
  unmount();
  server.use(refuse("get", `${PATH}/jobs`, 500, "unknown", "the server stumbled"));
  show(<EnrichmentPage />);
  expect(await screen.findByText("the server stumbled")).toBeVisible();
  expect(screen.getByRole("button", { name: "Try again" })).toBeVisible();
});

it("an ended job is undone after a confirmation", async () => {
  let job = anEnrichment({ rule_id: "9", uses_model: false });
  server.use(
    http.get(`*${PATH}/jobs/3`, () => HttpResponse.json(job)),
    http.post(`*${PATH}/jobs/3/undo`, () => {
      job = { ...job, undone_at: "2026-03-05T11:00:00Z", is_undoable: false };
      return HttpResponse.json({ job, rows_back: 4, changed_since: 1 });
    }),
  );
  show(<EnrichmentJobPage jobId="3" />);
  expect(await screen.findByText("This job calls no model and is free.")).toBeVisible();
  expect(screen.getByRole("link", { name: "rule 9" })).toHaveAttribute("href", "/enrichment/rules/9");
  await userEvent.click(screen.getByRole("button", { name: "Undo enrichment 3" }));
  await userEvent.click(await screen.findByRole("button", { name: "Undo it" }));
  expect(await screen.findByText("4 changes undone; 1 change made since then stays.")).toBeVisible();
  expect(await screen.findByText("undone")).toBeVisible();
});

it("what an enrichment would take and send is shown before it begins", async () => {
  const requested = vi.fn();
  server.use(
    http.post(`*${PATH}/estimate`, async ({ request }) => {
      requested(await request.json());
      return HttpResponse.json({
        transactions: 12_000,
        rows_read: 6_000,
        without_model: 100,
        merchants_to_ask: 8,
        calls: 1,
        most_input_tokens: 900,
        most_output_tokens: 300,
        cost: null,
        currency: null,
        model: "openai:small",
      });
    }),
    answer("post", `${PATH}/preview`, {
      instructions: "You label",
      model: "openai:small",
      prompts: ['{"id": 1}'],
      calls: 1,
    }),
  );
  show(<NewEnrichmentPage importJobId="7" onAllRows={() => undefined} />);
  const region = await screen.findByRole("region", { name: "Estimate" });
  expect(await within(region).findByText("unknown: no price set")).toBeVisible();
  expect(within(region).getByText("Estimated from 6,000 of the rows.")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Show the exact text" }));
  expect(await screen.findByText('{"id": 1}')).toBeVisible();
  await userEvent.click(screen.getByRole("switch", { name: /Request answers/ }));
  await expect
    .poll(() => requested.mock.lastCall?.[0] as unknown)
    .toMatchObject({ import_job_id: "7", is_refresh: true });
  await userEvent.type(screen.getByLabelText(/Maximum cost/), "cheap");
  expect(screen.getByRole("button", { name: "Start" })).toBeDisabled();
});

it("a correction shows row by row what it changes, can be made a rule, and is learned and applied", async () => {
  const sent = vi.fn();
  server.use(
    answer("get", `${PATH}/review`, { doubts: [DOUBT] }),
    answer("get", `${PATH}/categories`, { categories: CATEGORIES }),
    answer("post", `${PATH}/corrections/preview`, aPreview()),
    http.post(`*${PATH}/corrections`, async ({ request }) => {
      sent(await request.json());
      return HttpResponse.json({ id: "1", enrichment_job_id: "5" }, { status: 201 });
    }),
  );
  const user = userEvent.setup();
  show(<DoubtsPage />);
  expect(await screen.findByText(/now Fuel, 42.% sure/)).toBeVisible();
  await user.click(screen.getByRole("combobox", { name: "Category of ZED 1001" }));
  expect(screen.queryByRole("option", { name: "Old", hidden: true })).toBeNull();
  await user.click(await screen.findByRole("option", { name: "Groceries", hidden: true }));
  const rows = await screen.findByRole("table", { name: "Rows that would change" });
  expect(within(rows).getByText("CORNER SHOP 1").closest("tr")).toHaveTextContent("Fuel → Groceries");
  expect(screen.getByRole("status")).toHaveTextContent(
    "1 row that you edited stays unchanged. An earlier rule applies to 1 row.",
  );
  expect(screen.getByRole("link", { name: "Create a rule…" })).toHaveAttribute(
    "href",
    "/enrichment/rules/new?row=41&category=Groceries",
  );
  await user.click(screen.getByRole("button", { name: "Learn and apply to 1 row" }));
  await expect.poll(() => sent.mock.calls).toEqual([[{ transaction_id: "41", category: "Groceries", apply: true }]]);
  expect(await screen.findByRole("button", { name: "Show progress" })).toBeVisible();
});

it("one click keeps a merchant from every model, and the toast undoes it", async () => {
  const sent = vi.fn();
  const respond = (isNeverAsked: boolean) => () => {
    sent(isNeverAsked);
    return HttpResponse.json({ merchant_key: "zed", direction: "out", is_never_asked: isNeverAsked });
  };
  server.use(
    answer("get", `${PATH}/review`, { doubts: [DOUBT] }),
    answer("get", `${PATH}/categories`, { categories: CATEGORIES }),
    http.put(`*${PATH}/transactions/41/never-ask`, respond(true)),
    http.delete(`*${PATH}/transactions/41/never-ask`, respond(false)),
  );
  const user = userEvent.setup();
  show(<DoubtsPage />);
  await user.click(await screen.findByRole("button", { name: "Never ask a model about this" }));
  expect(await screen.findByText("No model will be asked about ZED 1001.")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Undo" }));
  await expect.poll(() => sent.mock.calls).toEqual([[true], [false]]);
});
