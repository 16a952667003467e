import { useQuery } from "@tanstack/react-query";
import { answered, api } from "../../api/client";

/** A row and the merchant that it is known by, for a rule that is made of it. */
export function useRowForRule(id: number | undefined) {
  return useQuery({
    queryKey: ["enrichment", "row-for-rule", id],
    enabled: id !== undefined,
    queryFn: async () => {
      const params = { path: { transaction_id: id ?? 0 } };
      const [row, origin] = await Promise.all([
        answered(api.GET("/api/transactions/{transaction_id}", { params })),
        answered(api.GET("/api/truelayer/enrichment/transactions/{transaction_id}", { params })),
      ]);
      return { row, origin };
    },
  });
}
