import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { answered, api } from "../../../api/client";
import type { ImportPlanRequest } from "../../../api/types";

const QUIET_MS = 400;

/** What an import would fetch, asked once the choice rests; the last answer stays until the next one. */
export function useEstimate(wanted: ImportPlanRequest | null) {
  const [resting] = useDebouncedValue(JSON.stringify(wanted), QUIET_MS);
  return useQuery({
    queryKey: ["estimate", resting],
    queryFn: () => {
      // What was written two lines above is read again.
      const body = JSON.parse(resting) as ImportPlanRequest;
      return answered(api.POST("/api/truelayer/import/estimate", { body }));
    },
    enabled: resting !== "null",
    placeholderData: keepPreviousData,
    retry: false,
  });
}
