/** This month's spending as running sums, one series per currency, and its forecast to the end of the month. */
import type { Costs } from "../../api/types";
import { type CostAsText, costInWords } from "../../lib/costInWords";
import { daysOfMonth } from "../../lib/dates";
import { sumOfMoney } from "../../lib/sumOfMoney";

type Month = Costs["month"];
type Day = Month["days"][number];
type Money = { amount: string; currency: string };

/** A day with everything spent until its end; null: the day is to come, or is over (`forecast`). */
type Point = { day: string; spent: number | null; enrichment: number | null; forecast: number | null };

export type Series = {
  currency: string;
  points: Point[];
  /** The sums so far and at the month's end, as exact decimals. */
  spent: string;
  expected: string;
  /** The cap on enrichment, if it is in this currency. */
  cap: string | null;
  /** Whether enrichment is only a part of the spending, so that the cap counts less than the whole line. */
  isMixed: boolean;
};

/** The series of each currency that was spent, is expected or has a cap. */
export function seriesOf(month: Month): Series[] {
  const currencies = new Set([
    ...month.spent.amounts.map((money) => money.currency),
    ...month.projected.amounts.map((money) => money.currency),
    ...(month.cap ? [month.cap.currency] : []),
  ]);
  return [...currencies].sort().map((currency) => seriesIn(month, currency));
}

function seriesIn(month: Month, currency: string): Series {
  const spent = sums(month.days, (day) => paidIn(day.cost.amounts, currency));
  const enrichment = sums(month.days, (day) => paidIn(enrichmentOf(day), currency));
  const soFar = spent.at(-1) ?? "0";
  const expected = paidIn(month.projected.amounts, currency)[0]?.amount ?? soFar;
  const cap = month.cap?.currency === currency ? month.cap.amount : null;
  const all = daysOfMonth(month.month);
  const today = month.days.length - 1;
  const points = all.map((day, index) => ({
    day,
    spent: numberAt(spent, index),
    enrichment: numberAt(enrichment, index),
    forecast: forecastAt(index, today, all.length - 1, Number(soFar), Number(expected)),
  }));
  return { currency, points, spent: soFar, expected, cap, isMixed: enrichment.at(-1) !== spent.at(-1) };
}

/** A straight line from what was spent until today to what is expected on the last day; null before today. */
function forecastAt(index: number, today: number, last: number, spent: number, expected: number): number | null {
  if (index < today) return null;
  if (index === last) return expected;
  const share = (index - today) / (last - today);
  return Number((spent + (expected - spent) * share).toPrecision(4));
}

function numberAt(sums: string[], index: number): number | null {
  const sum = sums[index];
  return sum === undefined ? null : Number(sum);
}

/** The running sums of the days, added exactly. */
function sums(days: Day[], amountsOf: (day: Day) => Money[]): string[] {
  let soFar = "0";
  return days.map((day) => {
    for (const money of amountsOf(day)) {
      soFar = sumOfMoney([{ amount: soFar, currency: money.currency }, money])[0]?.amount ?? soFar;
    }
    return soFar;
  });
}

function paidIn(amounts: Money[], currency: string): Money[] {
  return amounts.filter((money) => money.currency === currency);
}

function enrichmentOf(day: Day): Money[] {
  return day.cost.parts.flatMap(({ what, amount, currency }) =>
    what === "enrichment" && amount !== null && currency !== null ? [{ amount, currency }] : [],
  );
}

/** The days on which something was called, each with everything spent until its end, in words. */
export function daysInWords(month: Month): { day: Day; soFar: string }[] {
  let soFar: CostAsText = { amount: "0", currency: null, amounts: [], unknown: [] };
  return month.days
    .map((day) => {
      soFar = plus(soFar, day.cost);
      return { day, soFar: costInWords(soFar) };
    })
    .filter(({ day }) => day.calls + day.connection_months + day.llm_calls > 0);
}

function plus(left: CostAsText, right: CostAsText): CostAsText {
  const amounts = sumOfMoney([...left.amounts, ...right.amounts]);
  const unknown = [...new Set([...left.unknown, ...right.unknown])];
  const [only] = amounts;
  if (unknown.length > 0 || amounts.length > 1) return { amount: null, currency: null, amounts, unknown };
  return { amount: only?.amount ?? "0", currency: only?.currency ?? null, amounts, unknown };
}
