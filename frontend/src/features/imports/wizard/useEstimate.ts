import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { importQueries } from "../../../api/imports";
import type { ImportPlanRequest } from "../../../api/types";

const QUIET_MS = 400;

/** What an import would fetch, requested when the choice has not changed for a moment; null requests nothing. */
export function useEstimate(wanted: ImportPlanRequest | null) {
  const [written] = useDebouncedValue(JSON.stringify(wanted), QUIET_MS);
  // The line above set it.
  const settled = useMemo(() => JSON.parse(written) as ImportPlanRequest | null, [written]);
  return useQuery(importQueries.estimate(settled));
}
