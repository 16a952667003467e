import { locale } from "./locale";

/** An amount given as a decimal string, in its currency, as the page writes numbers; never through a float. */
export function formatMoney(amount: string, currency: string): string {
  const exact = amount.includes(".") ? amount.replace(/\.?0+$/, "") : amount;
  const digits = exact.split(".")[1]?.length ?? 0;
  try {
    const usual = new Intl.NumberFormat(locale(), { style: "currency", currency });
    const places = Math.max(usual.resolvedOptions().maximumFractionDigits ?? 2, digits);
    const format = new Intl.NumberFormat(locale(), { style: "currency", currency, maximumFractionDigits: places });
    // Intl formats decimal strings exactly; its type does not accept plain strings.
    return format.format(exact as Intl.StringNumericLiteral);
  } catch {
    return `${amount} ${currency}`;
  }
}
