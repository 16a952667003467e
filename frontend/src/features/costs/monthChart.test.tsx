import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { Costs } from "../../api/types";
import { show } from "../../test/render";
import { MonthChart } from "./MonthChart";
import { daysInWords, seriesOf } from "./monthSeries";

type Month = Costs["month"];
type Cost = Month["days"][number]["cost"];

const PATH = "/api/truelayer/analytics/costs";

function costOf(...paid: [what: "connection_month" | "enrichment", amount: string | null, currency: string][]): Cost {
  const parts = paid.map(([what, amount, currency]) => ({
    what,
    quantity: 1,
    amount,
    currency: amount === null ? null : currency,
    note: "",
  }));
  const amounts = parts.flatMap(({ amount, currency }) => (amount && currency ? [{ amount, currency }] : []));
  const unknown = parts.filter((part) => part.amount === null).map((part) => part.what);
  const [only] = amounts;
  const isOne = unknown.length === 0 && amounts.length <= 1;
  return {
    amount: isOne ? (only?.amount ?? "0") : null,
    currency: isOne ? (only?.currency ?? null) : null,
    amounts,
    unknown,
    parts,
  };
}

function dayOf(day: string, cost: Cost): Month["days"][number] {
  const llm_calls = cost.parts.filter((part) => part.what === "enrichment").length;
  const connection_months = cost.parts.length - llm_calls;
  return {
    day,
    calls: connection_months,
    connection_months,
    llm_calls,
    cost,
    rows: `${PATH}/charges?from=${day}&to=${day}`,
  };
}

function monthOf(
  days: Month["days"],
  spent: Cost["amounts"],
  projected: Cost["amounts"],
  cap: Month["cap"] = null,
): Month {
  const sum = { amount: null, currency: null, unknown: [], parts: [] };
  return {
    month: "2026-02",
    spent: { ...sum, amounts: spent, rows: `${PATH}/charges?from=2026-02-01&to=2026-02-03` },
    projected: { ...sum, amounts: projected },
    how: "calls continue at the present rate",
    cap,
    days,
  };
}

const CAP: Month["cap"] = {
  amount: "5",
  currency: "GBP",
  is_shared: false,
  state: "free",
  yours: "0.2",
  yours_percent: 4,
  rows: `${PATH}/llm-calls?from=2026-02-01&to=2026-02-03`,
};

const MONTH = monthOf(
  [
    dayOf("2026-02-01", costOf(["connection_month", "0.1", "GBP"])),
    dayOf("2026-02-02", costOf()),
    dayOf("2026-02-03", costOf(["enrichment", "0.2", "GBP"], ["enrichment", "0.01", "USD"])),
  ],
  [
    { amount: "0.3", currency: "GBP" },
    { amount: "0.01", currency: "USD" },
  ],
  [
    { amount: "2.8", currency: "GBP" },
    { amount: "0.01", currency: "USD" },
  ],
  CAP,
);

test("the sums run exactly until today, and the forecast from there to the end of the month", () => {
  const [pounds, dollars] = seriesOf(MONTH);
  expect(pounds).toMatchObject({ currency: "GBP", spent: "0.3", expected: "2.8", cap: "5", isMixed: true });
  expect(pounds?.points).toHaveLength(28);
  expect(pounds?.points.map((point) => point.spent).slice(0, 4)).toEqual([0.1, 0.1, 0.3, null]);
  expect(pounds?.points.map((point) => point.enrichment).slice(0, 4)).toEqual([0, 0, 0.2, null]);
  expect(pounds?.points.map((point) => point.forecast).slice(0, 4)).toEqual([null, null, 0.3, 0.4]);
  expect(pounds?.points.at(-1)).toEqual({ day: "2026-02-28", spent: null, enrichment: null, forecast: 2.8 });
  expect(dollars).toMatchObject({ currency: "USD", spent: "0.01", cap: null, isMixed: false });
});

test("on the last day of the month the forecast is its sum", () => {
  const days = Array.from({ length: 28 }, (_, index) =>
    dayOf(`2026-02-${String(index + 1).padStart(2, "0")}`, costOf()),
  );
  days[27] = dayOf("2026-02-28", costOf(["connection_month", "0.35", "GBP"]));
  const all = [{ amount: "0.35", currency: "GBP" }];
  const [series] = seriesOf(monthOf(days, all, all));
  expect(series?.points.at(-1)).toMatchObject({ spent: 0.35, forecast: 0.35 });
});

test("a day of unknown cost makes the sum from there on a least sum, and days without calls are left out", () => {
  const days = daysInWords(
    monthOf(
      [
        dayOf("2026-02-01", costOf(["connection_month", "0.35", "GBP"])),
        dayOf("2026-02-02", costOf()),
        dayOf("2026-02-03", costOf(["enrichment", null, "GBP"])),
      ],
      [],
      [],
    ),
  );
  expect(days.map(({ day, soFar }) => [day.day, soFar])).toEqual([
    ["2026-02-01", "£0.35"],
    ["2026-02-03", "more than £0.35"],
  ]);
});

test("the chart says in words what it draws, and its table opens the charges of a day", async () => {
  show(<MonthChart month={MONTH} />);
  const chart = within(await screen.findByRole("region", { name: "Spending this month" }));

  expect(chart.getByText("£0.30 so far, £2.80 expected by 28 Feb 2026. The cap on enrichment is £5.00.")).toBeVisible();
  expect(chart.getAllByRole("img")).toHaveLength(2);
  await userEvent.click(chart.getByText("Day by day"));
  const table = within(chart.getByRole("table", { name: "Spending by day" }));
  expect(table.getAllByRole("row")).toHaveLength(3);
  expect(table.getByRole("row", { name: /^3 Feb 2026 .* £0\.30 and \$0\.01$/ })).toBeVisible();
  expect(table.getByRole("link", { name: "£0.10 on 1 Feb 2026" })).toHaveAttribute(
    "href",
    "/costs/charges?from=2026-02-01&to=2026-02-01",
  );
});

test("without spending, and without prices, there is no chart", async () => {
  const view = show(<MonthChart month={monthOf([dayOf("2026-02-01", costOf())], [], [])} />);
  expect(await screen.findByText("Nothing was spent this month so far.")).toBeVisible();
  expect(screen.queryByRole("table")).not.toBeInTheDocument();
  view.unmount();

  const unpriced = monthOf([dayOf("2026-02-01", costOf(["connection_month", null, "GBP"]))], [], []);
  show(<MonthChart month={{ ...unpriced, spent: { ...unpriced.spent, unknown: ["connection_month"] } }} />);
  expect(await screen.findByText("A price is not set, so there is no sum to draw.")).toBeVisible();
  expect(screen.queryByRole("img")).not.toBeInTheDocument();
});
