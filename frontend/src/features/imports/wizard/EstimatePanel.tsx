import { Card, Stack } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { Account, Estimate } from "../../../api/types";
import { Figures } from "../../../components/Figures";
import { QueryState } from "../../../components/QueryState";
import { formatRange } from "../../../lib/formatCount";
import { formatDurations } from "../../../lib/formatDuration";
import { CoverageStrip } from "./CoverageStrip";

type Props = { query: UseQueryResult<Estimate>; accounts: Account[] };

/** What the present choice would fetch, as ranges; it follows every change. */
export function EstimatePanel({ query, accounts }: Props) {
  const estimate = query.data;
  if (!estimate) return <QueryState query={query} what="figures" lines={2} failed="Estimate failed" />;
  const { transactions, duration_seconds, api_calls } = estimate.estimated_range;
  return (
    <Card component="section" aria-label="What would be fetched" aria-live="polite" aria-busy={query.isFetching}>
      <Stack>
        <QueryState query={query} what="figures" />
        <Figures
          figures={[
            ["Rows, about", formatRange(transactions.low, transactions.high)],
            ["Calls to the bank", formatRange(api_calls.low, api_calls.high)],
            ["Takes", formatDurations(duration_seconds.low, duration_seconds.high)],
          ]}
        />
        <CoverageStrip estimate={estimate} accounts={accounts} />
      </Stack>
    </Card>
  );
}
