import type { Cost } from "../api/types";
import { formatMoney } from "../lib/formatMoney";

/** A cost as one phrase; what has no price is named, never shown as nothing. */
export function CostText({ cost }: { cost: Cost }) {
  const known = cost.amounts.map((money) => formatMoney(money.amount, money.currency)).join(" and ");
  const unknown = cost.unknown.map((kind) => kind.replaceAll("_", " ")).join(", ");
  if (!unknown) return <>{known || "nothing"}</>;
  return (
    <>
      {known && `${known}, and `}
      no price set for {unknown}
    </>
  );
}
