/** One plan out of the estimates of several banks. */
import { plural, t } from "@lingui/core/macro";
import type { Account, Connection, Cost, Estimate } from "../../../api/types";
import { capitalised } from "../../../lib/capitalised";
import { formatCount } from "../../../lib/formatCount";
import { labelled, listed } from "../../../lib/listed";
import { serverWords } from "../../../lib/serverWords";
import { sumOfMoney } from "../../../lib/sumOfMoney";
import { joined, lengthOf, outside, type Span, within } from "./daySpans";

/** What one bank's part of the import would fetch. */
export type Part = { bank: Connection; estimate: Estimate };

type Range = { low: number; high: number };

/** The whole plan. It takes as long as its slowest bank, or as long as all of them in turn. */
export type WholePlan = {
  dates: Span;
  transactions: Range;
  apiCalls: Range;
  durationSeconds: Range;
  cost: Cost;
};

/** The days of one account: requested, stored, and those requested that the bank may not return. */
export type PlannedDays = { account: Account; bank: Connection; asked: Span[]; held: Span[]; beyond: Span[] };

/** The limits that concern days which the bank may not return. */
const BEYOND_REACH = new Set(["sca_window", "bank_depth"]);

/** The figures of all banks together; `parts` is not empty. */
export function wholeOf(parts: Part[]): WholePlan {
  const estimates = parts.map((part) => part.estimate);
  const ranges = estimates.map((estimate) => estimate.estimated_range);
  const sum = (of: (range: Estimate["estimated_range"]) => Range): Range => ({
    low: ranges.reduce((total, range) => total + of(range).low, 0),
    high: ranges.reduce((total, range) => total + of(range).high, 0),
  });
  const [first = "", ...firsts] = estimates.map((estimate) => estimate.date_range.from);
  const [last = "", ...lasts] = estimates.map((estimate) => estimate.date_range.to);
  return {
    dates: {
      from: firsts.reduce((least, day) => (day < least ? day : least), first),
      to: lasts.reduce((most, day) => (day > most ? day : most), last),
    },
    transactions: sum((range) => range.transactions),
    apiCalls: sum((range) => range.api_calls),
    durationSeconds: {
      low: Math.max(...ranges.map((range) => range.duration_seconds.low)),
      high: sum((range) => range.duration_seconds).high,
    },
    cost: costOf(estimates.map((estimate) => estimate.cost)),
  };
}

function costOf(costs: Cost[]): Cost {
  const [only, ...others] = costs;
  if (only && others.length === 0) return only;
  const amounts = sumOfMoney(costs.flatMap((cost) => cost.amounts));
  const unknown = [...new Set(costs.flatMap((cost) => cost.unknown))];
  const isOne = unknown.length === 0 && amounts.length === 1;
  return {
    amount: isOne ? (amounts[0]?.amount ?? null) : null,
    currency: isOne ? (amounts[0]?.currency ?? null) : null,
    amounts,
    parts: costs.flatMap((cost) => cost.parts),
    unknown,
  };
}

/** The days of each planned account, in the order of the plan. `now` is in milliseconds. */
export function daysOfAccounts({ bank, estimate }: Part, accounts: Account[], now: number): PlannedDays[] {
  const byId = new Map(accounts.map((account) => [account.account_id, account]));
  return estimate.coverage.flatMap((covered) => {
    const account = byId.get(covered.account_id);
    if (!account) return [];
    const windows = estimate.windows.find((row) => row.account_id === covered.account_id)?.windows ?? [];
    const asked = joined(within(windows, [estimate.date_range]));
    const limits = estimate.limits.flatMap(({ code, account_id, from, to, until }) => {
      const isMine = account_id === null || account_id === covered.account_id;
      // Until then the bank returns these days.
      const isOpen = until !== null && Date.parse(until) > now;
      return BEYOND_REACH.has(code) && isMine && !isOpen && from && to ? [{ from, to }] : [];
    });
    const beyond = outside(within(asked, joined([...limits, ...account.coverage.refused])), covered.held);
    return [{ account, bank, asked, held: joined(covered.held), beyond }];
  });
}

/** Such as “730 days requested, 90 already stored, 640 perhaps out of the bank's reach”. */
export function daysInWords({ asked, held, beyond }: Omit<PlannedDays, "account" | "bank">): string {
  const days = lengthOf(asked);
  const parts = [t`${plural(days, { one: "# day", other: "# days" })} requested`];
  if (held.length > 0) parts.push(t`${{ held: formatCount(lengthOf(held)) }} already stored`);
  if (beyond.length > 0) parts.push(t`${{ beyond: formatCount(lengthOf(beyond)) }} perhaps out of the bank's reach`);
  return listed(parts);
}

/** What may go wrong, by kind: each message once, after the banks that it concerns if there are several. */
export function problemsOf(parts: Part[]): [code: string, messages: string[]][] {
  const found = new Map<string, Map<string, Set<string>>>();
  for (const { bank, estimate } of parts) {
    for (const { code, message } of estimate.limits) {
      const messages = found.get(code) ?? new Map<string, Set<string>>();
      messages.set(message, (messages.get(message) ?? new Set()).add(bank.bank));
      found.set(code, messages);
    }
  }
  return [...found].map(([code, messages]) => [
    code,
    [...messages].map(([message, banks]) =>
      parts.length > 1 ? labelled(listed([...banks]), serverWords(message)) : capitalised(serverWords(message)),
    ),
  ]);
}
