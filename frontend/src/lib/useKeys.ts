import { useEffect, useLayoutEffect, useRef } from "react";

/**
 * Runs an action at a key, as it is typed on any layout, unless the user types a text or a dialog is open.
 * `mod+z` is Z with Ctrl, or with the command key of a Mac.
 */
export function useKeys(actions: Record<string, () => void>) {
  const current = useRef(actions);
  useLayoutEffect(() => {
    current.current = actions;
  });
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      const isModified = event.ctrlKey || event.metaKey;
      const name = isModified ? `mod+${event.shiftKey ? "shift+" : ""}${event.key.toLowerCase()}` : event.key;
      const action = current.current[name];
      if (!action || event.altKey || isTyping(event.target)) return;
      if (document.querySelector('[role="dialog"]')) return;
      event.preventDefault();
      action();
    }
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.matches("input:not([type=checkbox]), textarea, select, [contenteditable=true]")
  );
}
