import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, test, vi } from "vitest";
import type { Costs } from "../../api/types";
import { costInWords } from "../../lib/costInWords";
import { show } from "../../test/render";
import { answer, hang, refuse, server } from "../../test/server";
import { CostRowsPage } from "./CostRowsPage";
import { CostsPage } from "./CostsPage";
import { costsQuery, rowsPage, rowsQuery } from "./costsSearch";

const PATH = "/api/truelayer/analytics/costs";
const ROWS = `${PATH}/calls?from=2026-11-01&to=2026-11-25`;

const LLM_CALLS = `${PATH}/llm-calls?from=2026-11-01&to=2026-11-25`;

const CHARGES = `${PATH}/charges?from=2026-11-01&to=2026-11-25`;

const NOTHING = { amount: "0", currency: null, amounts: [], unknown: [], parts: [] };
const PLANNED = { api_calls: 9, transactions: 250, duration_seconds: 20 };
const ACTUAL = { api_calls: 11, transactions: 240, imported: 230, duration_seconds: 25 };
const MONTHS = {
  what: "connection_month" as const,
  quantity: 1,
  amount: "0.35",
  currency: "GBP",
  note: "",
  rows: `${PATH}/connection-months?from=2026-11-01&to=2026-11-25`,
};
const SPENT = {
  amount: "0.35",
  currency: "GBP",
  amounts: [{ amount: "0.35", currency: "GBP" }],
  unknown: [],
  parts: [MONTHS],
  rows: CHARGES,
};

const COSTS: Costs = {
  date_range: { from: "2026-11-01", to: "2026-11-25" },
  group_by: "import",
  prices: { connection_month: { amount: "0.35", currency: "GBP" }, call: null },
  calls: { total: 13, outside_imports: 2, rows: ROWS, outside_imports_rows: `${ROWS}&job_id=0` },
  imports: { count: 1, planned: PLANNED, actual: ACTUAL, rows: `${PATH}/imports?from=2026-11-01&to=2026-11-25` },
  cost: SPENT,
  groups: [
    {
      key: "12",
      label: "Import 12",
      calls: 11,
      imports: 1,
      planned: PLANNED,
      actual: ACTUAL,
      cost: NOTHING,
      calls_rows: `${ROWS}&job_id=12`,
      imports_rows: `${PATH}/imports?from=2026-11-01&to=2026-11-25&job_id=12`,
      connection_months_rows: `${MONTHS.rows}&job_id=12`,
      llm_calls: 2,
      llm_calls_rows: `${LLM_CALLS}&job_id=12`,
      connection_months: 0,
      cost_rows: `${CHARGES}&job_id=12`,
    },
  ],
  rest: null,
  enrichment: {
    models: [
      {
        model: "openai:one",
        calls: 2,
        failed: 1,
        merchants: 40,
        input_tokens: 1200,
        output_tokens: 300,
        cached_tokens: 100,
        cost: { ...NOTHING, amount: "0.02", currency: "USD", amounts: [{ amount: "0.02", currency: "USD" }] },
        rows: `${LLM_CALLS}&model=openai%3Aone`,
        failed_rows: `${LLM_CALLS}&model=openai%3Aone&failed=true`,
      },
    ],
    saved: {
      transactions: 30,
      enrichments: 1,
      amount: "0.015",
      currency: "USD",
      rows: `${PATH}/enrichments?from=2026-11-01`,
    },
  },
  month: {
    month: "2026-11",
    spent: SPENT,
    projected: SPENT,
    how: "calls go on at the pace so far",
    cap: null,
    days: [],
  },
  estimates: [
    {
      bank_id: "sim-plain",
      bank: "Plain Bank",
      imports: 1,
      calls_off_percent: 18.2,
      transactions_off_percent: 4.2,
      duration_off_percent: null,
      learns_from: 0,
      rows: `${PATH}/imports?from=2026-06-01&to=2026-11-25&connection_id=1`,
    },
  ],
};

test("loading costs, and costs that cannot be loaded", async () => {
  server.use(hang("get", PATH));
  const view = show(<CostsPage query={{}} onQuery={vi.fn()} />);
  expect(await screen.findByRole("status")).toHaveTextContent("Loading costs");
  view.unmount();

  server.use(refuse("get", PATH, 503, "database_unreachable", "the database cannot be reached"));
  show(<CostsPage query={{}} onQuery={vi.fn()} />);
  expect(await screen.findByRole("alert")).toHaveTextContent("the database cannot be reached");
});

test("every figure opens the rows behind it", async () => {
  server.use(answer("get", PATH, COSTS));
  show(<CostsPage query={{}} onQuery={vi.fn()} />);

  const calls = within(await screen.findByRole("region", { name: "Calls to banks" }));
  expect(calls.getByRole("link", { name: "13" })).toHaveAttribute("href", "/costs/calls?from=2026-11-01&to=2026-11-25");
  const planned = within(screen.getByRole("region", { name: "Import calls, actual and planned" }));
  expect(planned.getByRole("link", { name: "11 calls" }).getAttribute("href")).toMatch(/^\/costs\/imports\?/);
  expect(planned.getByText(/^2 more than the 9 planned, in/)).toBeVisible();
  const spent = within(screen.getByRole("region", { name: "Spent" }));
  expect(spent.getByRole("link", { name: "£0.35" }).getAttribute("href")).toMatch(/^\/costs\/charges\?/);
  expect(spent.getByRole("link", { name: "1 connection month" }).getAttribute("href")).toMatch(
    /^\/costs\/connection-months\?/,
  );
  const row = within(screen.getByRole("table", { name: "Costs" }));
  expect(row.getByRole("link", { name: "11 calls of Import 12" }).getAttribute("href")).toContain("job_id=12");
  expect(row.getByRole("link", { name: "Import 12" })).toHaveAttribute("href", "/imports/12");
  expect(row.getByRole("link", { name: "2 calls to models of Import 12" }).getAttribute("href")).toContain(
    "/costs/llm-calls?",
  );
  const models = within(screen.getByRole("region", { name: "Enrichment by model" }));
  expect(models.getByRole("link", { name: "2 calls to openai:one" }).getAttribute("href")).toContain(
    "model=openai%3Aone",
  );
  expect(models.getByRole("link", { name: "30 rows" }).getAttribute("href")).toMatch(/^\/costs\/enrichments\?/);
  expect(models.getByText(/would have cost about .*0\.015/)).toBeVisible();
  for (const name of ["Costs", "Models"]) {
    const figures = within(screen.getByRole("table", { name })).getAllByRole("row").slice(1);
    for (const row of figures) {
      for (const cell of within(row).getAllByRole("cell").slice(1)) {
        expect(within(cell).getByRole("link").getAttribute("href")).toMatch(/^\/costs\//);
      }
    }
  }
  expect(models.getByRole("link", { name: "1 failed calls to openai:one" }).getAttribute("href")).toContain(
    "failed=true",
  );
  const estimates = within(screen.getByRole("table", { name: "Estimates" }));
  expect(estimates.getByRole("link", { name: "18.2 % off in calls of Plain Bank" }).getAttribute("href")).toMatch(
    /^\/costs\/imports\?/,
  );
  expect(estimates.getByText("unknown")).toBeVisible();
});

test("a price that is not set is unknown, and the page says how to set it", async () => {
  const part = { ...MONTHS, amount: null, currency: null };
  const unknown = {
    amount: null,
    currency: null,
    amounts: [],
    unknown: ["connection_month" as const],
    parts: [part],
    rows: CHARGES,
  };
  server.use(
    answer("get", PATH, { ...COSTS, prices: { connection_month: null, call: null }, cost: unknown } satisfies Costs),
  );
  show(<CostsPage query={{}} onQuery={vi.fn()} />);

  expect(await screen.findByText(/BANKIMPORT_PRICE_CONNECTION_MONTH/)).toBeVisible();
  const spent = within(screen.getByRole("region", { name: "Spent" }));
  expect(spent.getByRole("link", { name: "unknown" })).toBeVisible();
  expect(spent.queryByText(/0/)).not.toBeInTheDocument();
});

test("without spending there is an empty state with a next step", async () => {
  server.use(answer("get", PATH, { ...COSTS, groups: [], estimates: [] }));
  show(<CostsPage query={{}} onQuery={vi.fn()} />);

  expect(await screen.findByRole("heading", { name: "No costs in these days" })).toBeVisible();
});

test("the grouping is in the address", async () => {
  const onQuery = vi.fn();
  server.use(answer("get", PATH, COSTS));
  show(<CostsPage query={{ from: "2026-11-01" }} onQuery={onQuery} />);

  await userEvent.click(await screen.findByRole("radio", { name: "By bank" }));
  expect(onQuery).toHaveBeenCalledWith({ from: "2026-11-01", group_by: "connection" });
});

test("calls are shown a page at a time", async () => {
  const call = {
    id: "5",
    called_at: "2026-11-20T02:00:00Z",
    connection_id: "1",
    bank: "Plain Bank",
    account_id: "3",
    job_id: "12",
    endpoint: "transactions",
    attended: false,
    in_consent_window: false,
    status: 200,
    error_code: null,
    elapsed_ms: 84,
  };
  server.use(
    http.get(`*${PATH}/calls`, ({ request }) =>
      HttpResponse.json(
        new URL(request.url).searchParams.has("cursor")
          ? { calls: [{ ...call, id: "4", job_id: null }], next_cursor: null }
          : { calls: [call], next_cursor: "5" },
      ),
    ),
  );
  show(<CostRowsPage what="calls" query={{ from: "2026-11-01", to: "2026-11-25", job_id: "12" }} />);

  expect(await screen.findByText("84 ms")).toBeVisible();
  expect(screen.getByText(/import 12/)).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Show more" }));
  expect(await screen.findByText("none")).toBeVisible();
});

test("the cap shows the user's own part, and groups beyond the table are summed up", async () => {
  const rows = `${LLM_CALLS}&currency=USD`;
  const cap = {
    amount: "5",
    currency: "USD",
    is_shared: true,
    state: "near" as const,
    yours: "1",
    yours_percent: 20,
    rows,
  };
  const rest = {
    groups: 7,
    calls: 70,
    imports: 7,
    llm_calls: 0,
    connection_months: 1,
    planned: PLANNED,
    actual: ACTUAL,
    cost: SPENT,
    calls_rows: `${ROWS}&job_below=12`,
    imports_rows: `${PATH}/imports?from=2026-11-01&to=2026-11-25&job_below=12`,
    connection_months_rows: `${MONTHS.rows}&job_below=12`,
    llm_calls_rows: `${LLM_CALLS}&job_below=12`,
    cost_rows: `${CHARGES}&job_below=12`,
  };
  server.use(answer("get", PATH, { ...COSTS, rest, month: { ...COSTS.month, cap } } satisfies Costs));
  show(<CostsPage query={{}} onQuery={vi.fn()} />);

  const month = within(await screen.findByRole("region", { name: "November 2026 will come to" }));
  expect(month.getByRole("progressbar", { name: "Used of the cap: 20 %" })).toBeInTheDocument();
  expect(month.getByRole("link", { name: /1\.00/ }).getAttribute("href")).toContain("currency=USD");
  expect(month.getByText(/share the cap, which is almost used up/)).toBeVisible();
  const more = within(within(screen.getByRole("table", { name: "Costs" })).getByRole("row", { name: /^7 more/ }));
  expect(more.getAllByRole("link")).toHaveLength(8);
  for (const link of more.getAllByRole("link")) expect(link.getAttribute("href")).toContain("job_below=12");
});

test("a sum of money opens its parts", async () => {
  const charge = {
    id: "1",
    charged_at: "2026-11-20T02:00:00Z",
    job_id: "12",
    enrichment_job_id: null,
    amount: "0.35",
    currency: "GBP",
  };
  const month = { ...charge, what: "connection_month" as const, charged_by: "Plain Bank" };
  const asked = {
    ...charge,
    what: "enrichment" as const,
    charged_by: "openai:one",
    enrichment_job_id: "3",
    amount: null,
    currency: null,
  };
  server.use(answer("get", `${PATH}/charges`, { charges: [month, asked], next_cursor: null }));
  show(<CostRowsPage what="charges" query={{ job_below: "13" }} />);

  expect(await screen.findByRole("row", { name: /a connection's month Plain Bank 12 none £0\.35/ })).toBeVisible();
  expect(screen.getByRole("row", { name: /a call to a model openai:one 12 3 unknown/ })).toBeVisible();
  expect(screen.getByText(/imports before 13/)).toBeVisible();
});

test("model calls show their tokens, and an unknown price is not zero", async () => {
  const call = {
    id: "1",
    called_at: "2026-11-20T02:00:00Z",
    model: "openai:one",
    prompt_version: "1",
    status: "malformed",
    enrichment_job_id: "3",
    job_id: "12",
    merchants: 20,
    input_tokens: 1600,
    output_tokens: 150,
    cached_tokens: 0,
    amount: null,
    currency: null,
    latency_ms: 700,
    error: "ValidationError",
  };
  server.use(answer("get", `${PATH}/llm-calls`, { llm_calls: [call], next_cursor: null }));
  const view = show(<CostRowsPage what="llm-calls" query={{ model: "openai:one", currency: "unknown" }} />);
  expect(await screen.findByText("1,600")).toBeVisible();
  expect(screen.getByText("unknown")).toBeVisible();
  expect(screen.getByText("openai:one, with an unknown price")).toBeVisible();
  view.unmount();

  server.use(answer("get", `${PATH}/enrichments`, { enrichments: [], next_cursor: null }));
  show(<CostRowsPage what="enrichments" query={{}} />);
  expect(await screen.findByText("No enrichment used cached answers")).toBeVisible();
});

test("months and imports without a row say so", async () => {
  server.use(
    answer("get", `${PATH}/connection-months`, { connection_months: [], next_cursor: null }),
    answer("get", `${PATH}/imports`, { imports: [], next_cursor: null }),
  );
  const view = show(<CostRowsPage what="connection-months" query={{}} />);
  expect(await screen.findByText("No connection month began in these days")).toBeVisible();
  view.unmount();
  show(<CostRowsPage what="imports" query={{}} />);
  expect(await screen.findByText("No imports")).toBeVisible();
});

test("costs in words never show an unknown cost as zero", () => {
  const money = [{ amount: "1.50", currency: "USD" }];
  expect(costInWords({ amount: "0", currency: null, amounts: [], unknown: [] })).toBe("nothing");
  expect(costInWords({ amount: null, currency: null, amounts: [], unknown: ["enrichment"] })).toBe("unknown");
  expect(costInWords({ amount: null, currency: null, amounts: money, unknown: ["calls"] })).toMatch(
    /^more than .*1\.5/,
  );
});

test("addresses keep only valid parameters", () => {
  expect(costsQuery({ from: "2026-01-01", to: "soon", group_by: "bank" })).toEqual({ from: "2026-01-01" });
  expect(rowsQuery({ job_id: "0", connection_id: "x" })).toEqual({ job_id: "0" });
  expect(rowsPage(`${ROWS}&job_id=0`)).toEqual({
    what: "calls",
    search: { from: "2026-11-01", to: "2026-11-25", job_id: "0" },
  });
});
