import { expect, it } from "vitest";
import { parseSearch, stringifySearch } from "./search";

it.each([
  [{ q: "coffee bar" }, "?q=coffee+bar"],
  [{ account: "7" }, "?account=7"],
  [{ least: "12.50" }, "?least=12.50"],
  [{ job: 3, uncategorised: true }, "?job=3&uncategorised=true"],
])("%j is written so that it can be read", (search, written) => {
  expect(stringifySearch(search)).toBe(written);
});

it.each([
  ["?q=coffee", { q: "coffee" }],
  ["?least=12.50&q=007", { least: "12.50", q: "007" }],
  ["?q=12345678901234567890", { q: "12345678901234567890" }],
  ["?job=3&uncategorised=true", { job: 3, uncategorised: true }],
  ["?account=%227%22", { account: "7" }],
])("%s is read as %j", (written, search) => {
  expect(parseSearch(written)).toEqual(search);
});
