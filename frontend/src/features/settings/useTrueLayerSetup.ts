import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import { setupQueries } from "../../api/setup";
import type { SetupChecks, TrueLayerSetupRequest } from "../../api/types";

type Wanted = TrueLayerSetupRequest & { isUnchecked: boolean; evenIfConnected: boolean };

/** Checks a client id and secret with TrueLayer and stores them if all is well; returns the checks, null if unchecked. */
export function useTrueLayerSetup() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ isUnchecked, evenIfConnected, ...wanted }: Wanted): Promise<SetupChecks | null> => {
      const checks = isUnchecked ? null : await answered(api.POST("/api/setup/truelayer/check", { body: wanted }));
      if (checks?.is_well === false) return checks;
      const body = { ...wanted, even_if_connected: evenIfConnected };
      const stored = await answered(api.PUT("/api/setup/truelayer", { body }));
      client.setQueryData(setupQueries.truelayer().queryKey, stored);
      return checks;
    },
  });
}
