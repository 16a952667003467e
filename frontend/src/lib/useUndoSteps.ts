import { useCallback, useRef } from "react";

/** The edits that can be undone, the last one first. */
export function useUndoSteps() {
  const steps = useRef<(() => void)[]>([]);
  /** Remembers how to undo an edit; returns the same step, which is then taken only once. */
  const remember = useCallback((undo: () => void) => {
    function take() {
      if (!steps.current.includes(take)) return;
      steps.current = steps.current.filter((step) => step !== take);
      undo();
    }
    steps.current.push(take);
    return take;
  }, []);
  const undoLast = useCallback(() => steps.current.at(-1)?.(), []);
  return { remember, undoLast };
}
