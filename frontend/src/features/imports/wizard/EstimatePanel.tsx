import { t } from "@lingui/core/macro";
import { Card, Stack } from "@mantine/core";
import type { Account } from "../../../api/types";
import { Figures } from "../../../components/Figures";
import { QueryState } from "../../../components/QueryState";
import { formatRange } from "../../../lib/formatCount";
import { formatDurations } from "../../../lib/formatDuration";
import { PlanPicture } from "./PlanPicture";
import { wholeOf } from "./together";
import type { useEstimates } from "./useEstimates";

type Props = { query: ReturnType<typeof useEstimates>; accounts: Account[]; hasPicture: boolean };

/** What the present choice would fetch, as ranges; it follows every change. */
export function EstimatePanel({ query, accounts, hasPicture }: Props) {
  const parts = query.data;
  if (!parts) return <QueryState query={query} what={t`figures`} lines={2} failed={t`Estimate failed`} />;
  const { transactions, apiCalls, durationSeconds } = wholeOf(parts);
  return (
    <Card component="section" aria-label={t`What would be fetched`} aria-live="polite" aria-busy={query.isFetching}>
      <Stack>
        <QueryState query={query} what={t`figures`} />
        <Figures
          figures={[
            [t`Rows, about`, formatRange(transactions.low, transactions.high)],
            [t`Calls to the bank`, formatRange(apiCalls.low, apiCalls.high)],
            [t`Takes`, formatDurations(durationSeconds.low, durationSeconds.high)],
          ]}
        />
        {hasPicture && <PlanPicture parts={parts} accounts={accounts} />}
      </Stack>
    </Card>
  );
}
