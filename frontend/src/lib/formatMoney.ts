/** An amount given as a decimal string, in its currency; never through arithmetic on floats. */
export function formatMoney(amount: string, currency: string): string {
  const [whole = "0", fraction = ""] = amount.replace("-", "").split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  const cents = fraction.padEnd(2, "0");
  return `${amount.startsWith("-") ? "−" : ""}${grouped}.${cents} ${currency}`;
}
