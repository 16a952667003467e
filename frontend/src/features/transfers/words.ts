import { plural, t } from "@lingui/core/macro";
import { formatDay } from "../../lib/dates";
import { formatMoney } from "../../lib/formatMoney";
import { listed } from "../../lib/listed";
import type { Transfer } from "./useTransfers";

/** Names a pair by its amount and the day it left. */
export function pairWords({ amount, currency, money_out }: Transfer): string {
  return listed([formatMoney(amount, currency), formatDay(money_out.date)]);
}

/** A pair's confidence in words, shown beside the figure. */
export function howSure(confidence: string): { word: string; color: string } {
  const value = Number(confidence);
  if (value >= 0.9) return { word: t`Almost certain`, color: "green" };
  if (value >= 0.7) return { word: t`Likely`, color: "teal" };
  if (value >= 0.5) return { word: t`Possible`, color: "yellow" };
  return { word: t`Uncertain`, color: "gray" };
}

export function percent(confidence: string): string {
  return `${Math.floor(Number(confidence) * 100)}%`;
}

/** The evidence for and against a pair, one clause each. */
export function restsOn(pair: Transfer): string[] {
  const words: Record<string, string> = {
    same_day: t`equal amounts on the same day`,
    days_apart: t`equal amounts ${{ daysApart: apart(pair.days_apart) }}`,
    names_other_account: t`one side names the other account`,
    says_transfer: t`called a transfer`,
    looks_like_something_else: t`but it looks like something else, such as a purchase`,
    others_fit_as_well: plural(
      { alternatives: pair.alternatives },
      { one: "but # other row fits as well", other: "but # other rows fit as well" },
    ),
  };
  return pair.reasons.map((reason) => words[reason] ?? reason.replaceAll("_", " "));
}

/** How far apart the two rows are, as “1 day” or “same day”. */
export function daysApart(days: number): string {
  if (days === 0) return t`same day`;
  const many = Math.abs(days);
  return days < 0
    ? plural(many, { one: "# day, in before out", other: "# days, in before out" })
    : plural(many, { one: "# day", other: "# days" });
}

function apart(days: number): string {
  const many = Math.abs(days);
  return days < 0
    ? plural(many, { one: "# day apart, in before out", other: "# days apart, in before out" })
    : plural(many, { one: "# day apart", other: "# days apart" });
}
