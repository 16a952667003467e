import { formatMoney } from "../lib/formatMoney";

/** An amount in its currency; incoming money is green with a plus, so that colour is not the only sign. */
export function Money({
  amount,
  currency,
  isBalance = false,
}: {
  amount: string;
  currency: string;
  isBalance?: boolean;
}) {
  const isIn = !isBalance && !amount.startsWith("-") && /[1-9]/.test(amount);
  return (
    <span
      style={{
        fontVariantNumeric: "tabular-nums",
        whiteSpace: "nowrap",
        ...(isIn ? { color: "var(--mantine-color-green-text)" } : {}),
      }}
    >
      {isIn && "+"}
      {formatMoney(amount, currency)}
    </span>
  );
}
