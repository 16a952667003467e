/** Every way in which the page writes days and times, and what it computes with them. */
import dayjs from "dayjs";
import timezone from "dayjs/plugin/timezone";
import utc from "dayjs/plugin/utc";
import { LOCALE } from "./locale";
import { shownZone } from "./timeZone";

dayjs.extend(utc);
dayjs.extend(timezone);

const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
] as const;

const MONTHS = {
  long: { month: "long", year: "numeric" },
  compact: { month: "short", year: "2-digit" },
  short: { month: "short" },
} as const;

/** The days of a week from Monday on, such as “Mon”. 2024-01-01 was a Monday. */
export const WEEKDAYS = Array.from({ length: 7 }, (_, index) => written(`2024-01-0${index + 1}`, { weekday: "short" }));

/** Writes a day, which is the bank's own and belongs to no zone. */
function written(day: string, how: Intl.DateTimeFormatOptions): string {
  return new Date(`${day}T00:00:00Z`).toLocaleDateString(LOCALE, { ...how, timeZone: "UTC" });
}

/** A day such as 2026-01-31, as “31 Jan 2026”. */
export function formatDay(day: string): string {
  return written(day, { dateStyle: "medium" });
}

/** A day without its year, as “31 Jan”. */
export function formatDayOfYear(day: string): string {
  return written(day, { day: "numeric", month: "short" });
}

/** A month such as 2026-01 or its first day, as “January 2026”, “Jan 26” or “Jan”. */
export function formatMonth(month: string, style: keyof typeof MONTHS = "long"): string {
  return written(`${month.slice(0, 7)}-01`, MONTHS[style]);
}

/** A time in the zone that times are shown in, with that zone's short name. */
export function formatInstant(instant: string): string {
  return new Date(instant).toLocaleString(LOCALE, {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "numeric",
    minute: "2-digit",
    timeZoneName: "short",
    timeZone: shownZone(),
  });
}

/** A time with its weekday, its seconds and the full name of its zone. */
export function formatInstantFully(instant: string): string {
  const zone = shownZone();
  const full = new Date(instant).toLocaleString(LOCALE, { dateStyle: "full", timeStyle: "medium", timeZone: zone });
  return `${full} (${zone})`;
}

/** The time of day, such as “14:05”. */
export function formatTime(instant: string): string {
  return new Date(instant).toLocaleTimeString(LOCALE, { timeStyle: "short", timeZone: shownZone() });
}

/** A time relative to `now` (milliseconds), such as “in 2 hours”; beyond a week, its day and time. */
export function formatAgo(instant: string, now: number): string {
  const seconds = (new Date(instant).getTime() - now) / 1000;
  return Math.abs(seconds) > 7 * 86_400 ? formatInstant(instant) : formatDistance(seconds);
}

/** How far a time is from now, however long ago: such as “in 2 hours” for 7,200 seconds. */
export function formatDistance(seconds: number): string {
  const distance = Math.abs(seconds);
  if (distance < 45) return seconds > 0 ? "in a moment" : "just now";
  const words = new Intl.RelativeTimeFormat("en", { numeric: "always" });
  for (const [unit, length] of UNITS) {
    if (distance >= length) return words.format(Math.round(seconds / length), unit);
  }
  return words.format(Math.sign(seconds), "minute");
}

/** The day `days` before today, in UTC, in the API's format. */
export function daysAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
}

/** The moment at which clocks in the shown zone read this, such as 2026-03-29 and 04:30, as the API takes it. */
export function instantOf(day: string, time: string): string {
  return dayjs.tz(`${day} ${time}`, shownZone()).toISOString();
}

/** The next moment at which clocks in the shown zone read `time`, as the API takes it. `now` is in milliseconds. */
export function nextTime(time: string, now: number): string {
  const today = dayjs(now).tz(shownZone());
  const first = instantOf(today.format("YYYY-MM-DD"), time);
  return Date.parse(first) > now ? first : instantOf(today.add(1, "day").format("YYYY-MM-DD"), time);
}
