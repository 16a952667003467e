import { timeZone } from "./timeZone";

/** A day such as 2026-01-31, in the reader's format. */
export function formatDay(day: string): string {
  return new Date(`${day}T00:00:00Z`).toLocaleDateString(undefined, { dateStyle: "medium", timeZone: "UTC" });
}

/** A time in the reader's time zone. */
export function formatInstant(instant: string): string {
  return new Date(instant).toLocaleString(undefined, {
    dateStyle: "medium",
    timeStyle: "short",
    timeZone: timeZone(),
  });
}

/** The day `days` before today, in UTC, in the API's format. */
export function daysAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
}
