import { LOCALE } from "./locale";

/** A whole number, such as 1,234. */
export function formatCount(count: number): string {
  return count.toLocaleString(LOCALE);
}

/** A number with at most so many decimal places. */
export function formatDecimal(value: number, places: number): string {
  return value.toLocaleString(LOCALE, { maximumFractionDigits: places });
}

/** A count with its noun, such as “1 row” or “2,000 rows”. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** A range of counts, such as “10 to 20”, or one figure if both ends are equal. */
export function formatRange(low: number, high: number): string {
  return low === high ? formatCount(low) : `${formatCount(low)} to ${formatCount(high)}`;
}
