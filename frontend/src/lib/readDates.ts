/** Reads days and times as people type them; only forms that have one meaning. */
import dayjs from "dayjs";

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** A typed day in the API's format; null: it is incomplete, not a real day, or has two meanings, as 3/4/2026 does.
 * Read are 2026-01-31, 31 Jan 2026, 31 January 2026, Jan 31, 2026, 31.1.2026, and 31/1/2026 if only one half can be the
 * month. */
export function readDay(typed: string): string | null {
  const text = typed.trim().toLowerCase();
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (iso) return dayOf(iso[1], iso[2], iso[3]);
  const dotted = /^(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})$/.exec(text);
  if (dotted) return dayOf(dotted[3], dotted[2], dotted[1]);
  const slashed = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text);
  if (slashed) return readSlashed(Number(slashed[1]), Number(slashed[2]), slashed[3]);
  const dayFirst = /^(\d{1,2})(?:st|nd|rd|th)?[. ]*([a-z]{3,9})[.,]? *(\d{4})$/.exec(text);
  if (dayFirst) return dayOf(dayFirst[3], monthOf(dayFirst[2]), dayFirst[1]);
  const monthFirst = /^([a-z]{3,9})\.? *(\d{1,2})(?:st|nd|rd|th)?(?:, *| +)(\d{4})$/.exec(text);
  if (monthFirst) return dayOf(monthFirst[3], monthOf(monthFirst[1]), monthFirst[2]);
  return null;
}

function readSlashed(first: number, second: number, year: string | undefined): string | null {
  if (first === second || first > 12) return dayOf(year, second, first);
  return second > 12 ? dayOf(year, first, second) : null;
}

/** The number of a month whose English name begins with the typed letters; 0: none. */
function monthOf(letters = ""): number {
  const number = MONTHS.indexOf(letters.slice(0, 3)) + 1;
  const name = dayjs(new Date(2024, Math.max(number - 1, 0), 1)).format("MMMM");
  return number > 0 && name.toLowerCase().startsWith(letters.replace("sept", "sep")) ? number : 0;
}

type Digits = string | number | undefined;

function dayOf(year: Digits, month: Digits, day: Digits): string | null {
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const isReal = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  return isReal && Number(year) >= 1000 ? date.toISOString().slice(0, 10) : null;
}

/** A typed time of day as 14:05; null: it is incomplete or not a time. Read are 14:05, 14.05, 1405, 9, 905, 2 pm. */
export function readTime(typed: string): string | null {
  const found = /^(\d{1,2})(?:[:.h]?(\d{2}))? ?(am|pm)?$/.exec(typed.trim().toLowerCase());
  if (!found) return null;
  const [, hour = "", minute = "00", half] = found;
  if (half !== undefined && (Number(hour) < 1 || Number(hour) > 12)) return null;
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (half === "pm" ? 12 : 0);
  if (hours > 23 || Number(minute) > 59) return null;
  return `${String(hours).padStart(2, "0")}:${minute}`;
}
