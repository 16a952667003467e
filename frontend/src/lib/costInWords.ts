import { t } from "@lingui/core/macro";
import { formatMoney } from "./formatMoney";
import { allOf } from "./listed";

/** What is written of a cost. */
export type CostAsText = {
  amount: string | null;
  currency: string | null;
  amounts: { amount: string; currency: string }[];
  unknown: string[];
};

/** A cost as text. A missing price is shown as unknown, never as zero. */
export function costInWords(cost: CostAsText): string {
  if (cost.amount !== null) {
    return cost.currency === null ? t`nothing` : formatMoney(cost.amount, cost.currency);
  }
  const known = allOf(cost.amounts.map((money) => formatMoney(money.amount, money.currency)));
  if (cost.unknown.length === 0) return known;
  return known ? t`more than ${known}` : t`unknown`;
}
