import { t } from "@lingui/core/macro";
import { formatMoney } from "./formatMoney";

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
  const known = cost.amounts.map((money) => formatMoney(money.amount, money.currency)).join(t` and `);
  if (cost.unknown.length === 0) return known;
  return known ? t`more than ${known}` : t`unknown`;
}
