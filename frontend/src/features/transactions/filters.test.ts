import { describe, expect, it } from "vitest";
import { isFiltered, readSearch, toQuery } from "./filters";

describe("a URL", () => {
  it.each([
    [{ q: "coffee" }, { q: "coffee" }],
    [
      { q: 2026, account: 12 },
      { q: "2026", account: "12" },
    ],
    [{ q: "  " }, {}],
    [{ from: "2026-01-31", to: "yesterday" }, { from: "2026-01-31" }],
    [{ least: "12.50", most: "much" }, { least: "12.50" }],
    [{ status: "booked", direction: "sideways" }, { status: "booked" }],
    [{ uncategorised: true }, { uncategorised: true }],
    [{ uncategorised: "yes" }, {}],
    [{ job: "7", row: -1 }, { job: "7" }],
    [{ anything: "else", category: ["a"] }, {}],
  ])("%j is read as %j", (search, read) => {
    expect(readSearch(search)).toEqual(read);
  });
});

describe("the API request", () => {
  it("names each filter as the API does", () => {
    const filters = { account: "3", uncategorised: true, least: "1", most: "2", job: "9", direction: "in" } as const;
    expect(toQuery(filters)).toEqual({
      account_id: "3",
      categorised: false,
      least_amount: "1",
      most_amount: "2",
      import_job_id: "9",
      direction: "in",
    });
  });

  it("is empty without filters", () => {
    expect(toQuery({})).toEqual({});
    expect(isFiltered({})).toBe(false);
    expect(isFiltered({ q: "x" })).toBe(true);
  });
});
