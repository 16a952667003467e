/** Days as ranges with both ends inclusive: lengths, overlaps, and their place in a picture. */

export type Span = { from: string; to: string };

const DAY_MS = 86_400_000;

function numberOf(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / DAY_MS;
}

function dayOf(number: number): string {
  return new Date(number * DAY_MS).toISOString().slice(0, 10);
}

/** The number of days in the ranges, which must not overlap. */
export function lengthOf(spans: Span[]): number {
  return spans.reduce((sum, { from, to }) => sum + numberOf(to) - numberOf(from) + 1, 0);
}

/** The ranges in ascending order; those that overlap or touch are joined. */
export function joined(spans: Span[]): Span[] {
  const found: Span[] = [];
  for (const span of spans.toSorted((left, right) => left.from.localeCompare(right.from))) {
    const last = found.at(-1);
    if (last && numberOf(span.from) <= numberOf(last.to) + 1) {
      if (span.to > last.to) found[found.length - 1] = { from: last.from, to: span.to };
    } else found.push(span);
  }
  return found;
}

/** The days of some ranges that are also in others, ascending. */
export function within(spans: Span[], others: Span[]): Span[] {
  return joined(
    spans.flatMap((span) =>
      others.flatMap((other) => {
        const from = span.from > other.from ? span.from : other.from;
        const to = span.to < other.to ? span.to : other.to;
        return from <= to ? [{ from, to }] : [];
      }),
    ),
  );
}

/** The days of some ranges that are in no other, ascending. */
export function outside(spans: Span[], others: Span[]): Span[] {
  let left = joined(spans);
  for (const other of others) {
    left = left.flatMap((span) => {
      if (other.to < span.from || other.from > span.to) return [span];
      const rest: Span[] = [];
      if (span.from < other.from) rest.push({ from: span.from, to: dayOf(numberOf(other.from) - 1) });
      if (span.to > other.to) rest.push({ from: dayOf(numberOf(other.to) + 1), to: span.to });
      return rest;
    });
  }
  return left;
}

/** Where a range lies in a picture of `whole`, in percent. */
export function placeIn(whole: Span, { from, to }: Span): { left: string; width: string } {
  const length = lengthOf([whole]);
  return {
    left: `${((numberOf(from) - numberOf(whole.from)) / length) * 100}%`,
    width: `${(lengthOf([{ from, to }]) / length) * 100}%`,
  };
}
