import { useMutation, useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { answered, api } from "../../api/client";

const POLL_MS = 2_000;

/** How sure every day of an account is. */
export function useProof(accountId: string) {
  return useQuery({
    queryKey: ["proof", accountId, "strip"],
    queryFn: () =>
      answered(api.GET("/api/truelayer/accounts/{account_id}/proof", { params: { path: { account_id: accountId } } })),
  });
}

/** One day of an account, with its rows and the balances around them. */
export function useDay(accountId: string, day: string) {
  return useQuery({
    queryKey: ["proof", accountId, "day", day],
    queryFn: () =>
      answered(
        api.GET("/api/truelayer/accounts/{account_id}/proof/{day}", {
          params: { path: { account_id: accountId, day } },
        }),
      ),
  });
}

/** Ask the bank again for the days that may hold what is missing; gives the jobs that do it. */
export function useHeal(accountId: string) {
  return useMutation({
    mutationFn: () =>
      answered(api.POST("/api/truelayer/accounts/{account_id}/heal", { params: { path: { account_id: accountId } } })),
  });
}

/** Watch jobs until all have ended; then what they may have changed is asked for again. */
export function useWatched(jobIds: number[]) {
  const client = useQueryClient();
  const jobs = useQueries({
    queries: jobIds.map((id) => ({
      queryKey: ["imports", id],
      queryFn: () => answered(api.GET("/api/truelayer/import/status/{job_id}", { params: { path: { job_id: id } } })),
      refetchInterval: (query: { state: { data?: { completed_at: string | null } | undefined } }) =>
        query.state.data?.completed_at ? false : POLL_MS,
    })),
  });
  const haveEnded = jobs.length > 0 && jobs.every((job) => job.data?.completed_at);
  const wasTold = useRef(false);
  useEffect(() => {
    if (!haveEnded) wasTold.current = false;
    if (!haveEnded || wasTold.current) return;
    wasTold.current = true;
    for (const queryKey of [["proof"], ["transactions"], ["accounts"], ["reviews"]]) {
      void client.invalidateQueries({ queryKey });
    }
  }, [haveEnded, client]);
  return { jobs, haveEnded };
}
