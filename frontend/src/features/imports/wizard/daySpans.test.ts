import { expect, test } from "vitest";
import { joined, lengthOf, outside, placeIn, type Span, within } from "./daySpans";

const days = (from: number, to: number): Span => ({
  from: `2026-03-${String(from).padStart(2, "0")}`,
  to: `2026-03-${String(to).padStart(2, "0")}`,
});

test("ranges that overlap or touch are joined", () => {
  expect(joined([days(9, 12), days(1, 3), days(4, 5), days(10, 11)])).toEqual([days(1, 5), days(9, 12)]);
});

test.each([
  ["a hole inside", [days(1, 10)], [days(4, 5)], [days(1, 3), days(6, 10)]],
  ["both ends", [days(3, 8)], [days(1, 4), days(8, 12)], [days(5, 7)]],
  ["all of it", [days(3, 8)], [days(3, 8)], []],
  ["nothing", [days(3, 8)], [days(20, 22)], [days(3, 8)]],
])("what is left without %s", (_, spans, others, left) => {
  expect(outside(spans, others)).toEqual(left);
  expect(lengthOf(left) + lengthOf(within(spans, others))).toBe(lengthOf(spans));
});

test("a range has its place in the whole, over a change of the clocks too", () => {
  expect(placeIn({ from: "2026-03-26", to: "2026-04-04" }, { from: "2026-03-29", to: "2026-03-31" })).toEqual({
    left: "30%",
    width: "30%",
  });
});
