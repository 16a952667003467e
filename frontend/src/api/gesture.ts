/** When the user last clicked or pressed a key. The server tells banks that a user is present only if that was a moment ago. */

export const GESTURE_HEADER = "X-Gesture-Age";

let lastGesture: number | null = null;

/** Scripts can make events too; the browser marks those of a person. */
export function noteGesture(event: Pick<Event, "isTrusted">): void {
  if (event.isTrusted) lastGesture = performance.now();
}

for (const kind of ["pointerdown", "keydown", "click"])
  window.addEventListener(kind, noteGesture, { capture: true, passive: true });

/** Seconds since the last gesture in this tab, rounded up; null if there was none. */
export function gestureAge(now: number = performance.now()): number | null {
  return lastGesture === null ? null : Math.max(0, Math.ceil((now - lastGesture) / 1000));
}
