import { useCallback, useRef, useState } from "react";

/** Which rows are selected; a range runs from the row that was toggled before. */
export function useSelection(rows: { id: string }[]) {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const anchor = useRef<string | null>(null);
  const clear = useCallback(() => setIds((now) => (now.size === 0 ? now : new Set())), []);
  function toggle(id: string, isRange: boolean) {
    const next = new Set(ids);
    const from = isRange ? rows.findIndex((row) => row.id === anchor.current) : -1;
    if (from >= 0) {
      const to = rows.findIndex((row) => row.id === id);
      for (const row of rows.slice(Math.min(from, to), Math.max(from, to) + 1)) next.add(row.id);
    } else if (!next.delete(id)) next.add(id);
    anchor.current = id;
    setIds(next);
  }
  function setAll(isOn: boolean) {
    setIds(new Set(isOn ? rows.map((row) => row.id) : []));
  }
  function set(chosen: string[]) {
    setIds(new Set(chosen));
  }
  return { ids, toggle, setAll, set, clear };
}
