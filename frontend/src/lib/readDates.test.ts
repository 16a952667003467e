import { expect, test } from "vitest";
import { formatDay } from "./dates";
import { readDay, readTime } from "./readDates";

test.each([
  ["2026-01-31", "2026-01-31"],
  [" 31 Jan 2026 ", "2026-01-31"],
  ["31 january 2026", "2026-01-31"],
  ["1st Sept 2026", "2026-09-01"],
  ["Jan 31, 2026", "2026-01-31"],
  ["January 31 2026", "2026-01-31"],
  ["31.1.2026", "2026-01-31"],
  ["31. 01. 2026", "2026-01-31"],
  ["31/1/2026", "2026-01-31"],
  ["1/31/2026", "2026-01-31"],
  ["4/4/2026", "2026-04-04"],
  ["29 Feb 2028", "2028-02-29"],
  // These have two meanings, are incomplete, or no day.
  ["3/4/2026", null],
  ["31 Jan 20", null],
  ["31 Jan", null],
  ["2026-1-3", null],
  ["2026-02-30", null],
  ["30 Feb 2026", null],
  ["31/13/2026", null],
  ["1 Janet 2026", null],
  ["1 Foo 2026", null],
  ["soon", null],
  ["", null],
])("the typed day %j is %j", (typed, day) => {
  expect(readDay(typed)).toBe(day);
});

test("every day is read as it is written", () => {
  for (let at = Date.UTC(2027, 0, 1); at < Date.UTC(2029, 0, 1); at += 86_400_000) {
    const day = new Date(at).toISOString().slice(0, 10);
    expect(readDay(formatDay(day))).toBe(day);
  }
});

test.each([
  ["07:30", "07:30"],
  ["7:30", "07:30"],
  ["7.30", "07:30"],
  ["0730", "07:30"],
  ["730", "07:30"],
  ["7", "07:00"],
  ["0:05", "00:05"],
  ["23:59", "23:59"],
  ["12 am", "00:00"],
  ["12:15pm", "12:15"],
  ["7 PM", "19:00"],
  ["24:00", null],
  ["7:60", null],
  ["7:3", null],
  ["13 pm", null],
  ["0 am", null],
  ["noon", null],
  ["", null],
])("the typed time %j is %j", (typed, time) => {
  expect(readTime(typed)).toBe(time);
});
