import { t } from "@lingui/core/macro";
import type { Cost } from "../api/types";
import { codeWords } from "../lib/codeWords";
import { formatMoney } from "../lib/formatMoney";
import { allOf } from "../lib/listed";

/** A cost as one phrase; parts without a price are named, never shown as zero. */
export function CostText({ cost }: { cost: Cost }) {
  const known = allOf(cost.amounts.map((money) => formatMoney(money.amount, money.currency)));
  const open = allOf(cost.unknown.map((kind) => openWords(cost, kind)));
  return <>{known && open ? t`${known}, and ${open}` : known || open || t`nothing`}</>;
}

/** Why a part has no amount: its price is not set, or its quantity is not known yet. */
function openWords(cost: Cost, kind: Cost["unknown"][number]): string {
  const name = codeWords(kind);
  const isLater = cost.parts.some((part) => part.what === kind && part.amount === null && part.quantity === 0);
  return isLater ? t`${name} that shows after the import` : t`no price set for ${name}`;
}
