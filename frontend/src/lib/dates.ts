/** Every way in which the page writes days and times, and what it computes with them. */
import { t } from "@lingui/core/macro";
import dayjs from "dayjs";
import timezone from "dayjs/plugin/timezone";
import utc from "dayjs/plugin/utc";
import { locale } from "./locale";
import { shownZone } from "./timeZone";

dayjs.extend(utc);
dayjs.extend(timezone);

const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
] as const;

/** How days and times are written, in texts and in fields: the day first, the month in letters, 24 hours. */
export const DAY_FORMAT = "D MMM YYYY";
export const DAY_AND_TIME_FORMAT = `${DAY_FORMAT}, HH:mm`;
const TIME_FORMAT = "HH:mm";
const MONTH_FORMATS = { long: "MMMM YYYY", compact: "MMM YY", short: "MMM" } as const;

/** The days of a week from Monday on, such as “Mon”. 2024-01-01 was a Monday. */
export function weekdays(): string[] {
  return Array.from({ length: 7 }, (_, index) => dayjs.utc(`2024-01-0${index + 1}`).format("ddd"));
}

/** A day such as 2026-01-31, as “31 Jan 2026”. It is the bank's own and belongs to no zone. */
export function formatDay(day: string): string {
  return dayjs.utc(day).format(DAY_FORMAT);
}

/** A day without its year, as “31 Jan”. */
export function formatDayOfYear(day: string): string {
  return dayjs.utc(day).format("D MMM");
}

/** A month such as 2026-01 or its first day, as “January 2026”, “Jan 26” or “Jan”. */
export function formatMonth(month: string, style: keyof typeof MONTH_FORMATS = "long"): string {
  return dayjs.utc(`${month.slice(0, 7)}-01`).format(MONTH_FORMATS[style]);
}

/** The days of a month such as 2026-01 or of the month of a day, ascending. */
export function daysOfMonth(month: string): string[] {
  const first = dayjs.utc(`${month.slice(0, 7)}-01`);
  return Array.from({ length: first.daysInMonth() }, (_, index) => first.add(index, "day").format("YYYY-MM-DD"));
}

/** A time in the zone that times are shown in, with that zone's short name: “18 Jun 2026, 05:00 GMT+9”. */
export function formatInstant(instant: string): string {
  return `${inShownZone(instant).format(DAY_AND_TIME_FORMAT)} ${zoneName(instant)}`;
}

/** A time with its weekday, its seconds and the full name of its zone. */
export function formatInstantFully(instant: string): string {
  return `${inShownZone(instant).format("dddd D MMMM YYYY, HH:mm:ss")} (${shownZone()})`;
}

/** The time of day, such as “14:05”. */
export function formatTime(instant: string): string {
  return inShownZone(instant).format(TIME_FORMAT);
}

function inShownZone(instant: string): dayjs.Dayjs {
  return dayjs(instant).tz(shownZone());
}

/** The short name of the shown zone at a moment, as the reader's kind of English has it: “CET”, “GMT+1”. */
function zoneName(instant: string): string {
  const parts = new Intl.DateTimeFormat(locale(), { timeZoneName: "short", timeZone: shownZone() });
  return parts.formatToParts(new Date(instant)).find((part) => part.type === "timeZoneName")?.value ?? shownZone();
}

/** A time relative to `now` (milliseconds), such as “in 2 hours”; beyond a week, its day and time. */
export function formatAgo(instant: string, now: number): string {
  const seconds = (new Date(instant).getTime() - now) / 1000;
  return Math.abs(seconds) > 7 * 86_400 ? formatInstant(instant) : formatDistance(seconds);
}

/** How far a time is from now, however long ago: such as “in 2 hours” for 7,200 seconds. */
export function formatDistance(seconds: number): string {
  const distance = Math.abs(seconds);
  if (distance < 45) return seconds > 0 ? t`in a moment` : t`just now`;
  const words = new Intl.RelativeTimeFormat(locale(), { numeric: "always" });
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
