import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { accountQueries } from "../api/connections";
import { costQueries } from "../api/costs";
import { enrichmentQueries } from "../api/enrichment";
import { importQueries, isStatusKey } from "../api/imports";
import { notificationQueries } from "../api/notifications";
import { overviewQueries } from "../api/overview";
import { proofQueries } from "../api/proof";
import { reviewQueries } from "../api/reviews";
import { scheduleQueries } from "../api/schedules";
import { transactionQueries } from "../api/transactions";
import { transferQueries } from "../api/transfers";
import { closeSocket, theSocket } from "./socket";

type Change = { topic: string };

const GATHER_MS = 1_000;

/** The queries that each topic of the server invalidates. */
const QUERIES: Record<string, readonly { all: readonly [string] }[]> = {
  imports: [importQueries, scheduleQueries, overviewQueries],
  transactions: [transactionQueries, proofQueries, reviewQueries, accountQueries, transferQueries, overviewQueries],
  enrichment: [enrichmentQueries, transactionQueries, costQueries],
  schedules: [scheduleQueries, overviewQueries],
  notifications: [notificationQueries],
};

/** Keeps the page up to date while a user is signed in: at most one refresh per second. */
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
        predicate: ({ queryKey }) => names.has(String(queryKey[0])) && !isStatusKey(queryKey),
      });
    }
    function hear({ topic }: Change) {
      for (const name of QUERIES[topic]?.map(({ all }) => all[0]) ?? [topic]) old.add(name);
      timer ??= setTimeout(refresh, GATHER_MS);
    }
    void theSocket().then(
      (socket) => {
        if (isStopped) return;
        let wasConnected = socket.connected;
        // Changes during a lost connection were missed.
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
