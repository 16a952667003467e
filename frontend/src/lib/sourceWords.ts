/** Who says a row's merchant or category, in words; the codes are the API's. */

const SOURCES: Record<string, string> = {
  bank: "as the bank gave it",
  user: "set by you",
  rule: "set by one of your rules",
  correction: "learned from your correction",
  transfer: "a transfer that you confirmed",
  known_merchant: "a merchant that bankimport knows",
  money_word: "by the bank's words for the money",
  trade_word: "by the trade in the shop's name",
  model: "suggested by a model",
  truelayer: "as TrueLayer classified it",
};

/** Where a value is from. */
export function sourceWords(source: string | null, value: string | null): string {
  if (source === null) return value === null ? "none yet" : "as the bank gave it";
  if (source === "user" && value === null) return "taken away by you";
  return SOURCES[source] ?? `from ${source.replaceAll("_", " ")}`;
}
