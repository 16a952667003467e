import { describe, expect, it } from "vitest";
import { proofWords } from "../../lib/proofWords";
import { sentence } from "./AccountProof";
import { countStands, lengthOf, monthsOf, type Stretch, summaryOf } from "./days";

function stretch(from: string, to: string, more: Partial<Stretch> = {}): Stretch {
  return {
    from,
    to,
    state: "answered",
    proof: "proven",
    why: null,
    error_code: null,
    missing_amount: null,
    refetch: null,
    is_before_history: false,
    ...more,
  };
}

const STRIP = [
  stretch("2025-12-30", "2026-01-10"),
  stretch("2026-01-11", "2026-01-12", { proof: "broken", why: "gap", missing_amount: "-3.20" }),
  stretch("2026-01-13", "2026-02-03", { proof: "unprovable", why: "not_held", state: "never_asked" }),
];

describe("months of a strip", () => {
  it("are all months that it touches, each with its days", () => {
    expect(monthsOf(STRIP).map(({ month, days }) => [month, days])).toEqual([
      ["2025-12", 31],
      ["2026-01", 31],
      ["2026-02", 28],
    ]);
  });

  it("cut stretches at their ends, so that every known day is in one run", () => {
    const [december, january, february] = monthsOf(STRIP);
    expect(december?.runs.map((run) => [run.first, run.last, run.stand])).toEqual([[30, 31, "proven"]]);
    expect(january?.runs.map((run) => [run.first, run.last, run.stand])).toEqual([
      [1, 10, "proven"],
      [11, 12, "broken"],
      [13, 31, "never_asked"],
    ]);
    expect(february?.runs.map((run) => [run.first, run.last])).toEqual([[1, 3]]);
  });

  it("show a day with a rejected row as rejected, or as broken if it is", () => {
    const rejected = { state: "rejected_rows", why: "rejected_rows" } as const;
    const [month] = monthsOf([
      stretch("2026-01-01", "2026-01-01", { ...rejected, proof: "unprovable" }),
      stretch("2026-01-02", "2026-01-02", { ...rejected, proof: "broken", missing_amount: "-3.20" }),
    ]);
    expect(month?.runs.map((run) => [run.stand, proofWords(run.stretch)])).toEqual([
      ["rejected_rows", "rejected rows"],
      ["broken", "broken: the bank listed a row that could not be read"],
    ]);
  });

  it("are empty if nothing was requested", () => {
    expect(monthsOf([])).toEqual([]);
  });

  it("count the states of their days, worst first", () => {
    expect(countStands(monthsOf(STRIP)[1]?.runs ?? [])).toEqual([
      { stand: "broken", days: 2 },
      { stand: "never_asked", days: 19 },
      { stand: "proven", days: 10 },
    ]);
  });
});

describe("an account in a sentence", () => {
  it("shows from when to when it is proven, and what is broken", () => {
    expect(summaryOf(STRIP)).toMatchObject({
      from: "2025-12-30",
      to: "2026-01-10",
      proven: 12,
      balanced: 0,
      broken: 2,
    });
    expect(sentence(STRIP)).toMatch(/^12 days proven, between .*2025.* and .*2026.*; 2 days broken\.$/);
    const mixed = [stretch("2026-01-01", "2026-01-01"), stretch("2026-01-02", "2026-01-04", { proof: "balanced" })];
    expect(sentence(mixed)).toMatch(/^1 day proven, 3 days balanced, between /);
  });

  it("says if nothing can be proven, or nothing is stored", () => {
    expect(sentence([stretch("2026-01-01", "2026-01-02", { proof: "unprovable" })])).toMatch(/not provable/);
    expect(sentence([stretch("2026-01-01", "2026-01-02", { proof: "unprovable", state: "refused" })])).toBe(
      "No days stored yet.",
    );
    expect(sentence([])).toBe("No days stored yet.");
  });
});

it("counts both ends of a range of days, across a change of clocks too", () => {
  expect(lengthOf({ from: "2026-03-28", to: "2026-03-30" })).toBe(3);
  expect(lengthOf({ from: "2026-03-28", to: "2026-03-28" })).toBe(1);
});
