import { expect, test } from "vitest";
import type { Estimate } from "../../../api/types";
import { aSource, anAccount } from "./testSources";
import { daysInWords, daysOfAccounts, problemsOf, wholeOf } from "./together";

function anEstimate(more: object): Estimate {
  const figures = { low: 1, high: 4 };
  return {
    date_range: { from: "2026-03-01", to: "2026-03-31" },
    estimated_range: { transactions: figures, api_calls: figures, duration_seconds: figures },
    cost: { amount: "0.10", currency: "GBP", amounts: [{ amount: "0.10", currency: "GBP" }], parts: [], unknown: [] },
    limits: [],
    coverage: [],
    windows: [],
    ...more,
  } as unknown as Estimate;
}

const { bank } = aSource("1", "Monzo", []);
const other = aSource("2", "Barclays", []).bank;

test("the plan of several banks has the sums of their figures and the days of all", () => {
  const slow = { low: 3, high: 9 };
  const estimate = anEstimate({
    date_range: { from: "2025-12-24", to: "2026-03-30" },
    estimated_range: { transactions: slow, api_calls: slow, duration_seconds: slow },
  });
  expect(
    wholeOf([
      { bank, estimate: anEstimate({}) },
      { bank: other, estimate },
    ]),
  ).toMatchObject({
    dates: { from: "2025-12-24", to: "2026-03-31" },
    transactions: { low: 4, high: 13 },
    apiCalls: { low: 4, high: 13 },
    durationSeconds: { low: 3, high: 13 },
    cost: { amount: "0.20", currency: "GBP" },
  });
});

const NOW = Date.parse("2026-06-17T12:00:00Z");

test("days out of reach are those requested that the bank may refuse or has refused, and that are not stored", () => {
  const estimate = anEstimate({
    limits: [
      {
        code: "sca_window",
        message: "soon",
        account_id: null,
        from: "2026-03-01",
        to: "2026-03-08",
        until: "2026-06-17T11:00:00Z",
      },
      {
        code: "sca_window",
        message: "now",
        account_id: null,
        from: "2026-03-09",
        to: "2026-03-12",
        until: "2026-06-17T12:04:00Z",
      },
    ],
    coverage: [{ account_id: "5", held: [{ from: "2026-03-05", to: "2026-03-06" }] }],
    windows: [
      {
        account_id: "5",
        windows: [
          { from: "2026-03-16", to: "2026-03-31" },
          { from: "2026-02-20", to: "2026-03-15" },
        ],
      },
    ],
  });
  const account = anAccount("5", {
    coverage: { refused: [{ from: "2026-03-20", to: "2026-03-20" }] } as never,
  });
  const [days] = daysOfAccounts({ bank, estimate }, [account], NOW);
  expect(days).toMatchObject({
    asked: [{ from: "2026-03-01", to: "2026-03-31" }],
    beyond: [
      { from: "2026-03-01", to: "2026-03-04" },
      { from: "2026-03-07", to: "2026-03-08" },
      { from: "2026-03-20", to: "2026-03-20" },
    ],
  });
  expect(days && daysInWords(days)).toBe("31 days requested, 2 already stored, 7 perhaps out of the bank's reach");
});

test("a problem of several banks is written once and names them", () => {
  const limits = [{ code: "consent_end", message: "the consent ends on 2026-04-02" }];
  const parts = [bank, other].map((row) => ({ bank: row, estimate: anEstimate({ limits }) }));
  expect(problemsOf(parts)).toEqual([["consent_end", ["Monzo, Barclays: the consent ends on 2 Apr 2026"]]]);
  expect(problemsOf(parts.slice(0, 1))).toEqual([["consent_end", ["The consent ends on 2 Apr 2026"]]]);
});
