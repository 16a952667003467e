import type { Cost } from "../api/types";
import { formatMoney } from "../lib/formatMoney";

/** A cost as one phrase; parts without a price are named, never shown as zero. */
export function CostText({ cost }: { cost: Cost }) {
  const known = cost.amounts.map((money) => formatMoney(money.amount, money.currency)).join(" and ");
  const open = cost.unknown.map((kind) => openWords(cost, kind));
  return <>{[known, ...open].filter((words) => words !== "").join(", and ") || "nothing"}</>;
}

/** Why a part has no amount: its price is not set, or its quantity is not known yet. */
function openWords(cost: Cost, kind: Cost["unknown"][number]): string {
  const name = kind.replaceAll("_", " ");
  const isLater = cost.parts.some((part) => part.what === kind && part.amount === null && part.quantity === 0);
  return isLater ? `${name} that shows after the import` : `no price set for ${name}`;
}
