/** What a user chose in the wizard so far, as search parameters; no choice is stored anywhere else. */
import { msg, t } from "@lingui/core/macro";
import * as z from "zod/mini";
import type { Account, Connection, ImportPlanRequest } from "../../../api/types";
import { daysAgo, nextTime } from "../../../lib/dates";
import { day, id, on, searchOf, text, time, whole, word } from "../../../lib/search";
import type { Span } from "./daySpans";

export const STEPS = [msg`Days`, msg`Accounts`, msg`Settings`, msg`Review`, msg`Progress`] as const;
export const RANGES = {
  "7d": { label: msg`7 days`, days: 6 },
  "30d": { label: msg`30 days`, days: 29 },
  "3m": { label: msg`3 months`, days: 90 },
  all: { label: msg`Everything the bank gives`, days: null },
  since: { label: msg`Since last sync`, days: null },
  custom: { label: msg`Custom range`, days: null },
} as const;
export const FREQUENCIES = ["daily", "weekly", "monthly"] as const;

export type RangeName = keyof typeof RANGES;
export type Frequency = (typeof FREQUENCIES)[number];
// Object.keys forgets that the keys are the names of RANGES.
const RANGE_NAMES = Object.keys(RANGES) as RangeName[];

export const readChoice = searchOf({
  step: whole(1, STEPS.length),
  connection: id,
  range: word(RANGE_NAMES),
  from: day,
  to: day,
  accounts: z.array(text()),
  enrich: z.literal(false),
  enrichTime: time,
  batch: whole(10, 1000),
  dry: on,
  repeat: word(FREQUENCIES),
  time,
  jobs: z.array(id),
});
export type Choice = ReturnType<typeof readChoice>;

/** Changes of a choice; undefined resets a field. */
export type Change = { [Name in keyof Choice]?: Choice[Name] | undefined };

/** What is requested of one bank. */
export type Wanted = ImportPlanRequest & { connection_id: string };

/** A bank with its accounts and cards, as the wizard offers them. */
export type Source = { bank: Connection; accounts: Account[] };

/** The accounts that can be fetched: the bank still lists them, and its consent has not ended. */
export function usableOf({ bank, accounts }: Source): Account[] {
  return bank.status === "active" ? accounts.filter((account) => account.missing_since === null) : [];
}

/** The accounts that are chosen before the user changes anything: all of the bank in the address, or of all banks. */
export function usualOf(choice: Choice, sources: Source[]): Account[] {
  const named = sources.filter((source) => source.bank.id === choice.connection);
  return (named.length > 0 ? named : sources).flatMap(usableOf);
}

/** The chosen accounts, bank by bank. */
export function chosenOf(choice: Choice, sources: Source[]): Account[] {
  const wanted = choice.accounts && new Set(choice.accounts);
  return wanted
    ? sources.flatMap(usableOf).filter((account) => wanted.has(account.account_id))
    : usualOf(choice, sources);
}

/** The chosen range; 30 days by default. */
export function rangeOf(choice: Choice): RangeName {
  return choice.range ?? "30d";
}

/** The days that a picture shows while no estimate says which are meant. */
export function shownDays(choice: Choice): Span {
  const { days } = RANGES[rangeOf(choice)];
  const to = choice.to ?? daysAgo(0);
  return { from: choice.from && choice.from <= to ? choice.from : daysAgo(days ?? 730), to };
}

/** Why the chosen days cannot be imported and what to do, or null. */
export function faultOfDays(choice: Choice): string | null {
  if (rangeOf(choice) !== "custom") return null;
  if (!choice.from) return t`Choose the first day to import.`;
  const to = choice.to ?? daysAgo(0);
  if (choice.from > to) return t`The first day is after the last day. Swap them.`;
  if (to > daysAgo(0)) return t`The last day is in the future. The latest day is ${daysAgo(0)}.`;
  return null;
}

/** When the new rows are enriched: a future time, or null for at once or never. */
export function enrichAt(choice: Choice): string | null {
  return choice.enrich === false || choice.enrichTime === undefined ? null : nextTime(choice.enrichTime, Date.now());
}

/** The requests to the API, one for each bank with chosen accounts. All accounts of a bank are requested without names. */
export function requestsOf(choice: Choice, sources: Source[]): Wanted[] {
  const range = rangeOf(choice);
  const { days } = RANGES[range];
  const chosen = new Set(chosenOf(choice, sources).map((account) => account.account_id));
  return sources.flatMap((source) => {
    const usable = usableOf(source);
    const mine = usable.filter((account) => chosen.has(account.account_id));
    if (mine.length === 0) return [];
    const named = mine.length === usable.length ? [] : mine;
    const ids = (kind: Account["kind"]) => named.filter((row) => row.kind === kind).map((row) => row.account_id);
    return {
      connection_id: source.bank.id,
      job_type: range === "all" ? "full_sync" : range === "since" ? "incremental" : "date_range",
      from_date: range === "custom" ? (choice.from ?? null) : days === null ? null : daysAgo(days),
      to_date: range === "custom" ? (choice.to ?? null) : null,
      account_ids: ids("account"),
      card_ids: ids("card"),
      auto_enrich: choice.enrich ?? true,
      enrich_at: enrichAt(choice),
      batch_size: choice.batch ?? null,
      dry_run: choice.dry ?? false,
    };
  });
}
