import { queryOptions } from "@tanstack/react-query";
import { answered, api } from "./client";

/** The balance proof of accounts. */
export const proofQueries = {
  all: ["proof"] as const,

  /** The state of every day of an account. */
  strip: (accountId: string) =>
    queryOptions({
      queryKey: [...proofQueries.all, accountId, "strip"],
      queryFn: () => {
        const params = { path: { account_id: accountId } };
        return answered(api.GET("/api/truelayer/accounts/{account_id}/proof", { params }));
      },
    }),

  /** One day of an account, with its rows and the balances around them. */
  day: (accountId: string, day: string) =>
    queryOptions({
      queryKey: [...proofQueries.all, accountId, "day", day],
      queryFn: () => {
        const params = { path: { account_id: accountId, day } };
        return answered(api.GET("/api/truelayer/accounts/{account_id}/proof/{day}", { params }));
      },
    }),
};
