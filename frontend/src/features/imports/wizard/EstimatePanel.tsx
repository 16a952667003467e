import { Card, Stack } from "@mantine/core";
import type { Account, Estimate } from "../../../api/types";
import { Figures } from "../../../components/Figures";
import { LoadingState } from "../../../components/LoadingState";
import { Problem } from "../../../components/Problem";
import { formatRange } from "../../../lib/formatCount";
import { formatDurations } from "../../../lib/formatDuration";
import { CoverageStrip } from "./CoverageStrip";

type Props = { estimate: Estimate | undefined; error: Error | null; isFetching: boolean; accounts: Account[] };

/** What the present choice would fetch, as ranges; it follows every change. */
export function EstimatePanel({ estimate, error, isFetching, accounts }: Props) {
  if (error) return <Problem error={error} title="Estimate failed" />;
  if (!estimate) return <LoadingState what="figures" lines={2} />;
  const { transactions, duration_seconds, api_calls } = estimate.estimated_range;
  return (
    <Card component="section" aria-label="What would be fetched" aria-live="polite" aria-busy={isFetching}>
      <Stack>
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
