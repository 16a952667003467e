type Money = { amount: string; currency: string };

/** The sums by currency, in the order of their first amounts. Amounts are decimal strings and added exactly. */
export function sumOfMoney(amounts: Money[]): Money[] {
  const sums = new Map<string, string>();
  for (const { amount, currency } of amounts) sums.set(currency, plus(sums.get(currency) ?? "0", amount));
  return [...sums].map(([currency, amount]) => ({ amount, currency }));
}

function plus(left: string, right: string): string {
  const places = Math.max(placesOf(left), placesOf(right));
  const sum = scaled(left, places) + scaled(right, places);
  const digits = (sum < 0n ? -sum : sum).toString().padStart(places + 1, "0");
  const split = digits.length - places;
  return `${sum < 0n ? "-" : ""}${digits.slice(0, split)}${places > 0 ? `.${digits.slice(split)}` : ""}`;
}

function placesOf(amount: string): number {
  return amount.split(".")[1]?.length ?? 0;
}

function scaled(amount: string, places: number): bigint {
  const [whole = "0", fraction = ""] = amount.split(".");
  return BigInt(`${whole}${fraction.padEnd(places, "0")}`);
}
