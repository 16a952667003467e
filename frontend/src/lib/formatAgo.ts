import { formatInstant } from "./formatDay";

const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
] as const;

/** A time relative to `now` (milliseconds), such as “in 2 hours”; beyond a week, its day and time. */
export function formatAgo(instant: string, now: number): string {
  const seconds = (new Date(instant).getTime() - now) / 1000;
  const distance = Math.abs(seconds);
  if (distance < 45) return seconds > 0 ? "in a moment" : "just now";
  if (distance > 7 * 86_400) return formatInstant(instant);
  const words = new Intl.RelativeTimeFormat(undefined, { numeric: "always" });
  for (const [unit, length] of UNITS) {
    if (distance >= length) return words.format(Math.round(seconds / length), unit);
  }
  return words.format(Math.sign(seconds), "minute");
}
