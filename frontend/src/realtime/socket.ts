import { useSyncExternalStore } from "react";
import type { Socket } from "socket.io-client";

/** Whether updates are pushed or polled; `connecting` until that is known. */
export type Connection = "connecting" | "live" | "polling";

type Listener = () => void;

const NOT_LIVE_AFTER_MS = 3_000;

let opened: Promise<Socket> | undefined;
let connection: Connection = "connecting";
const listeners = new Set<Listener>();

function become(next: Connection) {
  if (next === connection) return;
  connection = next;
  for (const listener of listeners) listener();
}

async function open(): Promise<Socket> {
  const { io } = await import("socket.io-client");
  const socket = io({
    transports: ["websocket", "polling"],
    tryAllTransports: true,
    reconnectionDelay: 500,
    reconnectionDelayMax: 10_000,
    randomizationFactor: 0.5,
  });
  socket.on("connect", () => become("live"));
  socket.on("disconnect", (reason) => {
    become("polling");
    // The server closed it, for example because the session ended; the library does not reconnect by itself then.
    if (reason === "io server disconnect") setTimeout(() => socket.connect(), NOT_LIVE_AFTER_MS);
  });
  socket.on("connect_error", () => become("polling"));
  setTimeout(() => {
    if (!socket.connected) become("polling");
  }, NOT_LIVE_AFTER_MS);
  return socket;
}

/** The page's one socket, opened on first use. If its code cannot be loaded, the page polls. */
export function theSocket(): Promise<Socket> {
  opened ??= open().catch((error: unknown) => {
    opened = undefined;
    become("polling");
    throw error;
  });
  return opened;
}

/** Closes the socket, so that the next user gets a new one. */
export function closeSocket() {
  void opened?.then(
    (socket) => socket.disconnect(),
    () => undefined,
  );
  opened = undefined;
  become("connecting");
}

function subscribe(listener: Listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useConnection(): Connection {
  return useSyncExternalStore(subscribe, () => connection);
}
