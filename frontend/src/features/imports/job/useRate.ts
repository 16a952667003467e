import { useState } from "react";

const WINDOW_MS = 10_000;
const LEAST_MS = 2_000;

type Sample = { at: number; rows: number };

/** Rows per second over the last ten seconds; null while there are too few samples. `now` is in milliseconds. */
export function useRate(rows: number, now: number, isRunning: boolean): number | null {
  const [samples, setSamples] = useState<Sample[]>([]);
  const last = samples.at(-1);
  if (!isRunning && last) setSamples([]);
  if (isRunning && last?.rows !== rows) {
    setSamples([...samples.filter((sample) => now - sample.at <= WINDOW_MS), { at: now, rows }]);
  }
  const first = samples[0];
  if (!first || !last || last.at - first.at < LEAST_MS) return null;
  return ((last.rows - first.rows) / (last.at - first.at)) * 1_000;
}
