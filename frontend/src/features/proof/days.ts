/** Days and months for the proof calendar; pure. Days are 2026-01-31, months 2026-01, all UTC. */
import type { components } from "../../api/schema.gen";
import { type DayState, standOf } from "../../lib/proofWords";

export type Stretch = components["schemas"]["ProofStretchRead"];
/** Consecutive days of one month with the same state: day numbers from 1, both inclusive. */
export type Run = { first: number; last: number; stand: DayState; stretch: Stretch };
export type Month = { month: string; days: number; runs: Run[] };

const WORST_FIRST: readonly DayState[] = [
  "broken",
  "rejected_rows",
  "failed",
  "refused",
  "never_asked",
  "before_history",
  "asked",
  "unprovable",
  "balanced",
  "proven",
];

function daysIn(month: string): number {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number, 0)).getUTCDate();
}

export function nextMonth(month: string, by = 1): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7);
}

export function dayOf(month: string, number: number): string {
  return `${month}-${String(number).padStart(2, "0")}`;
}

/** Every month of a strip, ascending, without its days. */
export function emptyMonthsOf(strip: readonly { from: string; to: string }[]): Month[] {
  const first = strip[0];
  const last = strip.at(-1);
  if (!first || !last) return [];
  const months: Month[] = [];
  for (let month = first.from.slice(0, 7); month <= last.to.slice(0, 7); month = nextMonth(month)) {
    months.push({ month, days: daysIn(month), runs: [] });
  }
  return months;
}

/** Every month of the strip, ascending, each with its runs of days. */
export function monthsOf(strip: readonly Stretch[]): Month[] {
  const months = emptyMonthsOf(strip);
  for (const stretch of strip) {
    for (const month of months) {
      const start = dayOf(month.month, 1);
      const end = dayOf(month.month, month.days);
      if (stretch.to < start || stretch.from > end) continue;
      month.runs.push({
        first: stretch.from > start ? Number(stretch.from.slice(8)) : 1,
        last: stretch.to < end ? Number(stretch.to.slice(8)) : month.days,
        stand: standOf(stretch),
        stretch,
      });
    }
  }
  return months;
}

/** The number of days per state, worst first, without states that do not occur. */
export function countStands(runs: readonly Run[]): { stand: DayState; days: number }[] {
  return WORST_FIRST.flatMap((stand) => {
    const days = runs.reduce((sum, run) => sum + (run.stand === stand ? run.last - run.first + 1 : 0), 0);
    return days > 0 ? [{ stand, days }] : [];
  });
}

export type Summary = { from: string | null; to: string | null; proven: number; balanced: number; broken: number };

/** An account's summary: its first and last proven day, and the number of days per state. */
export function summaryOf(strip: readonly Stretch[]): Summary {
  const sure = strip.filter((item) => standOf(item) === "proven" || standOf(item) === "balanced");
  const days = (stand: DayState) =>
    strip.reduce((sum, item) => sum + (standOf(item) === stand ? lengthOf(item) : 0), 0);
  return {
    from: sure[0]?.from ?? null,
    to: sure.at(-1)?.to ?? null,
    proven: days("proven"),
    balanced: days("balanced"),
    broken: days("broken"),
  };
}

/** The number of days from one day to another, both inclusive. */
export function lengthOf({ from, to }: { from: string; to: string }): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1;
}
