import { t } from "@lingui/core/macro";
import { locale } from "./locale";

/** A whole number, such as 1,234. */
export function formatCount(count: number): string {
  return count.toLocaleString(locale());
}

/** A number with at most so many decimal places. */
export function formatDecimal(value: number, places: number): string {
  return value.toLocaleString(locale(), { maximumFractionDigits: places });
}

/** A range of counts, such as “10 to 20”, or one figure if both ends are equal. */
export function formatRange(low: number, high: number): string {
  return low === high ? formatCount(low) : t`${{ low: formatCount(low) }} to ${{ high: formatCount(high) }}`;
}
