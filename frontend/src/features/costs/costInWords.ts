import { formatMoney } from "../../lib/formatMoney";

type Cost = {
  amount: string | null;
  currency: string | null;
  amounts: { amount: string; currency: string }[];
  unknown: string[];
};

/** A cost as people read it; what is unknown is said to be, and nothing is zero for want of a price. */
export function costInWords(cost: Cost): string {
  if (cost.amount !== null) {
    return cost.currency === null ? "nothing" : formatMoney(cost.amount, cost.currency);
  }
  const known = cost.amounts.map((money) => formatMoney(money.amount, money.currency)).join(" and ");
  if (cost.unknown.length === 0) return known;
  return known ? `more than ${known}` : "unknown";
}
