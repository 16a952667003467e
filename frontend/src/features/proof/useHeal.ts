import { useMutation, useQueries, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { answered, api } from "../../api/client";
import { accountQueries } from "../../api/connections";
import { importQueries } from "../../api/imports";
import { proofQueries } from "../../api/proof";
import { reviewQueries } from "../../api/reviews";
import { transactionQueries } from "../../api/transactions";

const POLL_MS = 2_000;

/** Fetches again the days that may contain the missing rows; returns the jobs. */
export function useHeal(accountId: string) {
  return useMutation({
    mutationFn: () =>
      answered(api.POST("/api/truelayer/accounts/{account_id}/heal", { params: { path: { account_id: accountId } } })),
  });
}

/** Watches jobs until all have ended, then refetches what they may have changed. */
export function useWatched(jobIds: string[]) {
  const client = useQueryClient();
  const jobs = useQueries({
    queries: jobIds.map((id) => ({
      ...importQueries.status(id),
      refetchInterval: (query: { state: { data?: { completed_at: string | null } | undefined } }) =>
        query.state.data?.completed_at ? false : POLL_MS,
    })),
  });
  const haveEnded = jobs.length > 0 && jobs.every((job) => job.data?.completed_at);
  const wasRefreshed = useRef(false);
  useEffect(() => {
    if (!haveEnded) wasRefreshed.current = false;
    if (!haveEnded || wasRefreshed.current) return;
    wasRefreshed.current = true;
    for (const { all } of [proofQueries, transactionQueries, accountQueries, reviewQueries]) {
      void client.invalidateQueries({ queryKey: all });
    }
  }, [haveEnded, client]);
  return { jobs, haveEnded };
}
