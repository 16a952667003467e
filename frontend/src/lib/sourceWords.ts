/** The source of a row's merchant or category in words; the codes are the API's. */
import type { MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";

const SOURCES: Record<string, MessageDescriptor> = {
  bank: msg`from the bank`,
  user: msg`set by you`,
  rule: msg`set by one of your rules`,
  correction: msg`learned from your correction`,
  transfer: msg`from a transfer that you confirmed`,
  known_merchant: msg`from the list of known merchants`,
  money_word: msg`from the bank's words for the kind of payment`,
  trade_word: msg`from the trade in the shop's name`,
  model: msg`suggested by a model`,
  truelayer: msg`classified by TrueLayer`,
};

/** The source of a value. */
export function sourceWords(source: string | null, value: string | null): string {
  if (source === null) return value === null ? t`none yet` : t`from the bank`;
  if (source === "user" && value === null) return t`removed by you`;
  const words = SOURCES[source];
  return words === undefined ? t`from ${{ source: source.replaceAll("_", " ") }}` : t(words);
}
