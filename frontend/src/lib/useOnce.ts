import { useRef } from "react";

/** An action that is deaf while it goes on: the second of two quick clicks comes before a button can be drawn as busy. */
export function useOnce<Arguments extends unknown[]>(action: (...given: Arguments) => Promise<unknown>) {
  const isGoingOn = useRef(false);
  return async (...given: Arguments): Promise<void> => {
    if (isGoingOn.current) return;
    isGoingOn.current = true;
    try {
      await action(...given);
    } catch {
      // Whoever shows the action's state shows its error too.
    } finally {
      isGoingOn.current = false;
    }
  };
}
