import { useSyncExternalStore } from "react";

const KEY = "bankimport-time-zone";
const listeners = new Set<() => void>();

/** The zone that the reader chose; undefined: the device's own. */
function timeZone(): string | undefined {
  return localStorage.getItem(KEY) ?? undefined;
}

/** The device's own zone. */
export function deviceZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}

/** The name of the zone that times are shown in. */
export function shownZone(): string {
  return timeZone() ?? deviceZone();
}

/** The chosen zone, and the component is drawn again when it changes. */
export function useTimeZone(): string | undefined {
  return useSyncExternalStore(subscribe, timeZone);
}

/** Shows times in this zone from now on; null: the device's own. */
export function setTimeZone(zone: string | null): void {
  if (zone === null) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, zone);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}
