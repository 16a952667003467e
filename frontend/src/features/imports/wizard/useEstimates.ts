import { useDebouncedValue } from "@mantine/hooks";
import { useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import { importQueries } from "../../../api/imports";
import type { Connection } from "../../../api/types";
import type { Wanted } from "./choice";
import type { Part } from "./together";

const QUIET_MS = 400;

/** What an import would fetch of each bank, requested when the choice has not changed for a moment. */
export function useEstimates(wanted: Wanted[], banks: Connection[]) {
  const [written] = useDebouncedValue(JSON.stringify(wanted), QUIET_MS);
  // The line above set it.
  const settled = useMemo(() => JSON.parse(written) as Wanted[], [written]);
  const queries = useQueries({ queries: settled.map((request) => importQueries.estimate(request)) });
  const parts: Part[] = [];
  for (const [index, request] of settled.entries()) {
    const bank = banks.find((row) => row.id === request.connection_id);
    const estimate = queries[index]?.data;
    if (bank && estimate) parts.push({ bank, estimate });
  }
  return {
    data: parts.length > 0 && parts.length === settled.length ? parts : undefined,
    error: queries.find((query) => query.error)?.error ?? null,
    isPending: settled.length === 0 || queries.some((query) => query.isPending),
    isFetching: queries.some((query) => query.isFetching),
    dataUpdatedAt: Math.min(...queries.map((query) => query.dataUpdatedAt)),
    refetch: () => Promise.all(queries.filter((query) => query.error).map((query) => query.refetch())),
  };
}
