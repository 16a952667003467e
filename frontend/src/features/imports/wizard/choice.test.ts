import { expect, test } from "vitest";
import { chosenOf, enrichAt, readChoice, requestsOf } from "./choice";
import { aSource, anAccount } from "./testSources";

const ONE_BANK = [aSource("1", "Monzo", [anAccount("5")])];

test("an enrichment time is its next occurrence in the reader's local time", () => {
  const choice = readChoice({ enrichTime: "03:15" });
  const at = requestsOf(choice, ONE_BANK)[0]?.enrich_at ?? "";
  const moment = new Date(at);
  expect([moment.getHours(), moment.getMinutes()]).toEqual([3, 15]);
  expect(moment.getTime()).toBeGreaterThan(Date.now());
  expect(moment.getTime() - Date.now()).toBeLessThanOrEqual(25 * 3_600_000);
});

test("an invalid time is ignored, as is any time without enrichment", () => {
  expect(readChoice({ enrichTime: "25:00" })).toEqual({});
  expect(enrichAt({ enrich: false, enrichTime: "03:15" })).toBeNull();
  expect(requestsOf({}, ONE_BANK)[0]?.enrich_at).toBeNull();
});

const BANKS = [
  aSource("1", "Monzo", [anAccount("5"), anAccount("6")]),
  aSource("2", "Barclays", [
    anAccount("7", { kind: "card" }),
    anAccount("8", { missing_since: "2026-01-01T00:00:00Z" }),
  ]),
  aSource("3", "Old bank", [anAccount("9")], "expired"),
];

test("without a choice all banks are imported, except accounts that cannot be fetched", () => {
  expect(chosenOf({}, BANKS).map((account) => account.account_id)).toEqual(["5", "6", "7"]);
  expect(requestsOf({}, BANKS)).toMatchObject([
    { connection_id: "1", account_ids: [], card_ids: [] },
    { connection_id: "2", account_ids: [], card_ids: [] },
  ]);
});

test("accounts of several banks are requested bank by bank, and named where some were left out", () => {
  expect(requestsOf({ accounts: ["6", "7", "9"] }, BANKS)).toMatchObject([
    { connection_id: "1", account_ids: ["6"], card_ids: [] },
    { connection_id: "2", account_ids: [], card_ids: [] },
  ]);
});

test("a bank in the address is chosen alone until other accounts are chosen", () => {
  expect(requestsOf({ connection: "2" }, BANKS)).toMatchObject([{ connection_id: "2" }]);
  expect(requestsOf({ connection: "2", accounts: ["5", "7"] }, BANKS)).toMatchObject([
    { connection_id: "1", account_ids: ["5"] },
    { connection_id: "2" },
  ]);
});
