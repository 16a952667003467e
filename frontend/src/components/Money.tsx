import { formatMoney } from "../lib/formatMoney";

/** An amount in its currency; money that came in is green, and has a plus, so that colour is not all that tells. */
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
