/** A whole number in the reader's locale. */
export function formatCount(count: number): string {
  return count.toLocaleString();
}

/** A count with its noun, such as “1 row” or “2,000 rows”. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** A range of counts, such as “10 to 20”, or one figure if both ends are equal. */
export function formatRange(low: number, high: number): string {
  return low === high ? formatCount(low) : `${formatCount(low)} to ${formatCount(high)}`;
}
