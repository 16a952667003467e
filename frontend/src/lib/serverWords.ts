import { formatDay, formatInstant } from "./dates";
import { readDay } from "./readDates";

const DAYS_AND_TIMES = /(\d{4}-\d{2}-\d{2})(?:(?: at)? (\d{2}:\d{2}(?::\d{2})?) UTC)?/g;

/** A sentence of the server with its days and times as the page writes them: the server has 2026-01-31 and UTC. */
export function serverWords(text: string): string {
  return text.replaceAll(DAYS_AND_TIMES, (found: string, day: string, time?: string) => {
    if (readDay(day) === null) return found;
    return time === undefined ? formatDay(day) : formatInstant(`${day}T${time}Z`);
  });
}
