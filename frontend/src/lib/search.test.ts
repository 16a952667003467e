import { expect, it } from "vitest";
import { day, id, on, searchOf, text, time, whole, word } from "./search";

it("a route's search drops unknown parameters and invalid values, and keeps the rest", () => {
  const read = searchOf({ status: word(["failed", "running"]), job: id });
  expect(read({ status: "nonsense", job: 7, other: 1 })).toEqual({ job: "7" });
  expect(read({ status: "failed", job: 0, other: 1 })).toEqual({ status: "failed" });
  // The router only drops what it finds to be undefined.
  expect(Object.keys(read({ other: 1 }))).toContain("other");
});

it.each([
  ["text", text(), 2026, "2026"],
  ["text", text(), "  ", undefined],
  ["text", text(/^\d+$/), "12a", undefined],
  ["text", text(), ["a"], undefined],
  ["word", word(["0.5", "0.7"]), 0.5, "0.5"],
  ["word", word(["0.5", "0.7"]), "toString", undefined],
  ["whole", whole(10, 20), "20", 20],
  ["whole", whole(10, 20), 21, undefined],
  ["whole", whole(0), "", 0],
  ["id", id, "7", "7"],
  ["id", id, 7, "7"],
  ["id", id, "007", undefined],
  ["id", id, 0, undefined],
  ["id", id, 1.5, undefined],
  ["id", id, "9223372036854775807", "9223372036854775807"],
  ["id", id, null, undefined],
  ["day", day, "2026-01-31", "2026-01-31"],
  ["day", day, "2026-02-31", undefined],
  ["day", day, "yesterday", undefined],
  ["time", time, "07:30", "07:30"],
  ["time", time, "25:00", undefined],
  ["time", time, "07:30:15", undefined],
  ["on", on, true, true],
  ["on", on, "yes", undefined],
])("a %s reads %j", (_name, schema, value, expected) => {
  expect(searchOf({ value: schema })({ value }).value).toBe(expected);
});
