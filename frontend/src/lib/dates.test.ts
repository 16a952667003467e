import { afterEach, describe, expect, test } from "vitest";
import {
  formatAgo,
  formatDay,
  formatInstant,
  formatInstantFully,
  formatMonth,
  formatTime,
  instantOf,
  nextTime,
  weekdays,
} from "./dates";
import { localeOf } from "./locale";
import { setTimeZone } from "./timeZone";

afterEach(() => setTimeZone(null));

test.each([
  [["en-US", "de"], "en-US"],
  [["en"], "en"],
  [["de-DE", "en-US"], "en-GB"],
  [[], "en-GB"],
])("for a reader of %j dates are written in %s", (languages, locale) => {
  expect(localeOf(languages, "en")).toBe(locale);
});

test("days and months are the bank's own, whatever the zone", () => {
  setTimeZone("Pacific/Auckland");
  expect([formatDay("2026-01-31"), formatMonth("2026-01"), formatMonth("2026-01-01", "compact")]).toEqual([
    "31 Jan 2026",
    "January 2026",
    "Jan 26",
  ]);
  expect(weekdays()).toEqual(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]);
});

test("times name the zone that they are shown in", () => {
  setTimeZone("Asia/Tokyo");
  expect(formatInstant("2026-06-17T20:00:00Z")).toBe("18 Jun 2026, 05:00 GMT+9");
  expect(formatTime("2026-06-17T20:00:00Z")).toBe("05:00");
  expect(formatInstantFully("2026-06-17T20:00:00Z")).toBe("Thursday 18 June 2026, 05:00:00 (Asia/Tokyo)");
});

describe("a time of day in the shown zone", () => {
  const NOON = Date.parse("2026-06-17T12:00:00Z");

  test.each([
    ["Europe/Berlin", "15:00", "2026-06-17T13:00:00.000Z"],
    ["Europe/Berlin", "14:00", "2026-06-18T12:00:00.000Z"],
    ["Asia/Tokyo", "03:15", "2026-06-17T18:15:00.000Z"],
    ["America/Los_Angeles", "04:30", "2026-06-18T11:30:00.000Z"],
  ])("in %s the next %s is %s", (zone, time, instant) => {
    setTimeZone(zone);
    expect(nextTime(time, NOON)).toBe(instant);
  });

  test("is right on both sides of a change of the clocks", () => {
    setTimeZone("Europe/Berlin");
    expect(instantOf("2026-03-28", "04:30")).toBe("2026-03-28T03:30:00.000Z");
    expect(instantOf("2026-03-29", "04:30")).toBe("2026-03-29T02:30:00.000Z");
  });
});

test.each([
  [-10_000, "just now"],
  [10_000, "in a moment"],
  [-50_000, "1 minute ago"],
  [-300_000, "5 minutes ago"],
  [7_200_000, "in 2 hours"],
  [-2 * 86_400_000, "2 days ago"],
])("what lies %d ms from now is %s", (distance, words) => {
  const now = Date.UTC(2026, 0, 31, 12);
  expect(formatAgo(new Date(now + distance).toISOString(), now)).toBe(words);
});
