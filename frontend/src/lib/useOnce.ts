import { useRef } from "react";

/** An action that ignores calls while it runs, because a second quick click comes before the button is disabled. */
export function useOnce<Arguments extends unknown[]>(action: (...values: Arguments) => Promise<unknown>) {
  const isRunning = useRef(false);
  return async (...values: Arguments): Promise<void> => {
    if (isRunning.current) return;
    isRunning.current = true;
    try {
      await action(...values);
    } catch {
      // The caller shows the error with the state of the action.
    } finally {
      isRunning.current = false;
    }
  };
}
