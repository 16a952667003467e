import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { closeSocket, theSocket } from "./socket";

type Change = { topic: string };

const GATHER_MS = 1_000;

/** Which queries each topic makes old, by the first word of their key. */
const QUERIES: Record<string, readonly string[]> = {
  imports: ["imports", "schedules"],
  transactions: ["transactions", "proof", "reviews", "accounts", "transfers"],
  enrichment: ["enrichment", "transactions", "costs"],
  schedules: ["schedules"],
  notifications: ["notifications"],
};

/** A job that is followed has its own news; asking for it on every change would be asking twice. */
function isFollowedJob(key: readonly unknown[]): boolean {
  return key[0] === "imports" && typeof key[1] === "number" && key.length === 2;
}

/** Keeps what the page shows fresh for as long as somebody is signed in: at most once a second a kind of thing. */
export function useUserChanges() {
  const client = useQueryClient();
  useEffect(() => {
    let isStopped = false;
    let stop: () => void = () => undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const old = new Set<string>();

    function refresh() {
      timer = undefined;
      const names = new Set(old);
      old.clear();
      void client.invalidateQueries({
        predicate: ({ queryKey }) => names.has(String(queryKey[0])) && !isFollowedJob(queryKey),
      });
    }
    function hear({ topic }: Change) {
      for (const name of QUERIES[topic] ?? [topic]) old.add(name);
      timer ??= setTimeout(refresh, GATHER_MS);
    }
    void theSocket().then(
      (socket) => {
        if (isStopped) return;
        let wasConnected = socket.connected;
        // What changed while the socket was away was not heard of.
        const returned = () => {
          if (wasConnected) void client.invalidateQueries();
          wasConnected = true;
        };
        socket.on("user_changed", hear);
        socket.on("connect", returned);
        stop = () => {
          socket.off("user_changed", hear);
          socket.off("connect", returned);
        };
      },
      () => undefined,
    );
    return () => {
      isStopped = true;
      stop();
      clearTimeout(timer);
      closeSocket();
    };
  }, [client]);
}
