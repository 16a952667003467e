/** The source of a row's merchant or category in words; the codes are the API's. */

const SOURCES: Record<string, string> = {
  bank: "from the bank",
  user: "set by you",
  rule: "set by one of your rules",
  correction: "learned from your correction",
  transfer: "from a transfer that you confirmed",
  known_merchant: "from the list of known merchants",
  money_word: "from the bank's words for the kind of payment",
  trade_word: "from the trade in the shop's name",
  model: "suggested by a model",
  truelayer: "classified by TrueLayer",
};

/** The source of a value. */
export function sourceWords(source: string | null, value: string | null): string {
  if (source === null) return value === null ? "none yet" : "from the bank";
  if (source === "user" && value === null) return "removed by you";
  return SOURCES[source] ?? `from ${source.replaceAll("_", " ")}`;
}
