import { formatDay } from "../../lib/dates";
import { formatMoney } from "../../lib/formatMoney";
import type { Transfer } from "./useTransfers";

/** Names a pair by its amount and the day it left. */
export function pairWords({ amount, currency, money_out }: Transfer): string {
  return `${formatMoney(amount, currency)}, ${formatDay(money_out.date)}`;
}

/** A pair's confidence in words, shown beside the figure. */
export function howSure(confidence: string): { word: string; color: string } {
  const value = Number(confidence);
  if (value >= 0.9) return { word: "Almost certain", color: "green" };
  if (value >= 0.7) return { word: "Likely", color: "teal" };
  if (value >= 0.5) return { word: "Possible", color: "yellow" };
  return { word: "Uncertain", color: "gray" };
}

export function percent(confidence: string): string {
  return `${Math.floor(Number(confidence) * 100)}%`;
}

/** The evidence for and against a pair, one clause each. */
export function restsOn(pair: Transfer): string[] {
  const others = `${pair.alternatives} other ${pair.alternatives === 1 ? "row fits" : "rows fit"} as well`;
  const words: Record<string, string> = {
    same_day: "equal amounts on the same day",
    days_apart: `equal amounts ${apart(pair.days_apart)}`,
    names_other_account: "one side names the other account",
    says_transfer: "called a transfer",
    looks_like_something_else: "but it looks like something else, such as a purchase",
    others_fit_as_well: `but ${others}`,
  };
  return pair.reasons.map((reason) => words[reason] ?? reason.replaceAll("_", " "));
}

/** How far apart the two rows are, as “1 day” or “same day”. */
export function daysApart(days: number): string {
  return days === 0 ? "same day" : apart(days).replace(" apart", "");
}

function apart(days: number): string {
  const many = Math.abs(days);
  return `${many} ${many === 1 ? "day" : "days"} apart${days < 0 ? ", in before out" : ""}`;
}
