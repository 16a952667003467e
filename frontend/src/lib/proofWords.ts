/** The state of an account's day in words, for the proof page and the detail of a row. */
import type { MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import type { components } from "../api/schema.gen";
import { labelled } from "./listed";

type Stretch = Pick<
  components["schemas"]["ProofStretchRead"],
  "state" | "proof" | "why" | "error_code" | "missing_amount"
> & { is_before_history?: boolean };

export type DayState =
  | "proven"
  | "balanced"
  | "unprovable"
  | "broken"
  | "rejected_rows"
  | "asked"
  | "refused"
  | "failed"
  | "never_asked"
  | "before_history";

/** One word per day: its proof if it is stored, else the reason why it is not. */
export function standOf({
  state,
  proof,
  is_before_history,
}: Pick<Stretch, "state" | "proof" | "is_before_history">): DayState {
  if (is_before_history) return "before_history";
  const isHeld = state === "answered" || state === "empty" || (state === "rejected_rows" && proof === "broken");
  return isHeld ? proof : state;
}

export const STAND_NAMES: Record<DayState, MessageDescriptor> = {
  proven: msg`proven`,
  balanced: msg`balanced`,
  unprovable: msg`stored, not provable`,
  broken: msg`broken`,
  rejected_rows: msg`rejected rows`,
  asked: msg`being fetched`,
  refused: msg`refused by the bank`,
  failed: msg`failed`,
  never_asked: msg`not requested`,
  before_history: msg`before the bank's history`,
};

export const STAND_MEANINGS: Record<DayState, MessageDescriptor> = {
  proven: msg`every row continues the balance of another, and both ends meet their neighbours`,
  balanced: msg`the rows explain the difference of two balances, which rows that cancel out would not change`,
  unprovable: msg`all that the bank gave is stored, but no balance says whether that is all`,
  broken: msg`the balances say that something is missing, doubled or altered`,
  rejected_rows: msg`the bank listed rows that could not be read, so the day is not complete; the import shows them`,
  asked: msg`an import is fetching it`,
  refused: msg`the bank refused it`,
  failed: msg`the import failed before it came to it`,
  never_asked: msg`no import has requested it`,
  before_history: msg`it is before the first row that the bank has`,
};

const WHY: Record<string, MessageDescriptor> = {
  no_balances: msg`no two balances around it are known yet`,
  no_earlier_balance: msg`nothing before it is known to start from`,
  no_later_balance: msg`no later balance confirms it yet`,
  rows_without_balance: msg`its rows come without balances`,
  not_over: msg`the day is not over`,
  not_held: msg`it is not stored`,
  maybe_cut_off: msg`the bank's balance includes more rows; its answer may have been cut off`,
  gap: msg`the balance jumps between two days`,
  chain_broken: msg`the rows do not continue each other's balances`,
  sum_differs: msg`the rows do not add up to the difference of the balances`,
  repeated_rows: msg`the bank listed rows twice: one balance cannot follow the same amount twice in a row`,
  rejected_rows: msg`the bank listed a row that could not be read`,
};

/** The reason for the state of a day; empty if its name explains it. */
export function whyWords(
  stretch: Pick<Stretch, "why" | "state" | "proof" | "error_code" | "is_before_history">,
): string {
  if (stretch.is_before_history) return "";
  if (stretch.state === "refused" || stretch.state === "failed") {
    return stretch.error_code ? stretch.error_code.replaceAll("_", " ") : "";
  }
  if (stretch.why === null || stretch.why === "not_held") return "";
  if (stretch.why === "rejected_rows" && standOf(stretch) === "rejected_rows") return "";
  const words = WHY[stretch.why];
  return words === undefined ? stretch.why.replaceAll("_", " ") : t(words);
}

/** The summary in a few words. */
export function proofWords(stretch: Stretch): string {
  const why = whyWords(stretch);
  const stand = t(STAND_NAMES[standOf(stretch)]);
  return why ? labelled(stand, why) : stand;
}
