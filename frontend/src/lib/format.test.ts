import { describe, expect, test } from "vitest";
import { formatRange } from "./formatCount";
import { formatDuration, formatDurations } from "./formatDuration";
import { formatMoney } from "./formatMoney";

describe("money", () => {
  test.each([
    ["-1234.5", "GBP", "-£1,234.50"],
    ["0.10", "EUR", "€0.10"],
    ["500", "JPY", "¥500"],
    ["12.345", "KWD", "KWD 12.345"],
    ["0.00012", "GBP", "£0.00012"],
    ["9007199254740993.01", "USD", "$9,007,199,254,740,993.01"],
    ["5.00", "not a currency", "5.00 not a currency"],
  ])("%s %s is written %s", (amount, currency, written) => {
    expect(formatMoney(amount, currency).replace(/\u00a0/g, " ")).toBe(written);
  });
});

test.each([
  [0, "0 s"],
  [59.4, "59 s"],
  [60, "1 min"],
  [125, "2 min 5 s"],
  [3_600, "1 h"],
  [7_505, "2 h 5 min"],
  [90_000, "1 d 1 h"],
])("%d seconds are written %s", (seconds, written) => {
  expect(formatDuration(seconds)).toBe(written);
});

test("a range of durations is one figure if both ends read the same", () => {
  expect(formatDurations(0.6, 1.4)).toBe("about 1 s");
  expect(formatDurations(5, 125)).toBe("5 s to 2 min 5 s");
});

test("a range of one figure is that figure", () => {
  expect(formatRange(3, 3)).toBe("3");
  expect(formatRange(3, 1_200)).toBe("3 to 1,200");
});
