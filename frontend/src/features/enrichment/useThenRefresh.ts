import { useMutation, useQueryClient } from "@tanstack/react-query";
import { enrichmentQueries } from "../../api/enrichment";
import { transactionQueries } from "../../api/transactions";

/** A change that may alter rows, rules, categories or jobs: everything that shows them is requested again afterwards. */
export function useThenRefresh<Request, Answer>(change: (request: Request) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: transactionQueries.all });
      return client.invalidateQueries({ queryKey: enrichmentQueries.all });
    },
  });
}
