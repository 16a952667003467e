import { useEffect, useRef, useState } from "react";

const WINDOW_MS = 10_000;

/** Rows a second over the last ten seconds of watching, or null while there is nothing to go by. */
export function useRate(rows: number, isRunning: boolean): number | null {
  const seen = useRef<{ at: number; rows: number }[]>([]);
  const [rate, setRate] = useState<number | null>(null);
  useEffect(() => {
    if (!isRunning) {
      seen.current = [];
      setRate(null);
      return;
    }
    const at = Date.now();
    seen.current = [...seen.current.filter((sample) => at - sample.at <= WINDOW_MS), { at, rows }];
    const first = seen.current[0];
    const seconds = first ? (at - first.at) / 1000 : 0;
    setRate(first && seconds >= 2 ? (rows - first.rows) / seconds : null);
  }, [rows, isRunning]);
  return rate;
}
