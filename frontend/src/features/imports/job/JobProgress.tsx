import { ph, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Card, Stack, Text } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import type { ImportStatus } from "../../../api/types";
import { CostText } from "../../../components/CostText";
import { Figures } from "../../../components/Figures";
import { When } from "../../../components/When";
import { WorkBar } from "../../../components/WorkBar";
import { accountsInWords } from "../../../lib/accountsInWords";
import { formatCount } from "../../../lib/formatCount";
import { formatDuration } from "../../../lib/formatDuration";
import { useNow } from "../../../lib/useNow";
import { isFinished } from "../isFinished";
import { expectedInWords } from "./expectedInWords";
import { titleOf } from "./titleOf";
import { useRate } from "./useRate";

/** The job in figures; the remaining time is shown only when it can be estimated. */
export function JobProgress({ job }: { job: ImportStatus }) {
  const { synced, duplicates, errors } = job.total_so_far;
  const { percent } = job.progress;
  const now = useNow(1_000);
  const rate = useRate(synced + duplicates, now, job.status === "running");
  const waiting = job.accounts
    .filter((account) => account.next_attempt_at !== null)
    .sort((left, right) => (left.next_attempt_at ?? "").localeCompare(right.next_attempt_at ?? ""))[0];
  const took = job.started_at && job.completed_at ? job.worked_seconds : null;
  useDocumentTitle(`${titleOf(job, now)} · bankimport`);
  return (
    <Card component="section" aria-label={t`Progress`}>
      <Stack>
        <WorkBar percent={percent} status={job.status} of={t`the import`} size="xl" />
        <Text aria-live="polite" fw={600}>
          {percent} %, {accountsInWords(job.progress)}
        </Text>
        <Figures
          figures={[
            [t`New`, formatCount(synced)],
            [t`Already stored`, formatCount(duplicates)],
            [t`Rejected`, formatCount(errors)],
            [t`Calls to the bank`, formatCount(job.api_calls)],
            [t`Costs`, <CostText key="cost" cost={job.cost} />],
            ...(rate === null ? [] : [[t`Rows per second`, formatCount(Math.round(rate))] satisfies [string, string]]),
            ...(took === null ? [] : [[t`Took`, formatDuration(took)] satisfies [string, string]]),
          ]}
        />
        {job.status === "enriching" && (
          <Text c="dimmed">
            <Trans>All rows are stored. Merchants and categories are still being added.</Trans>
          </Text>
        )}
        {job.auto_enrich && job.status !== "enriching" && job.enrich_at !== null && Date.parse(job.enrich_at) > now && (
          <Text c="dimmed">
            <Trans>
              Merchants and categories are added <When at={job.enrich_at} />, or when the import ends if that is later.
            </Trans>
          </Text>
        )}
        {!isFinished(job) && (
          <Text c="dimmed">
            <Trans>
              {formatCount(synced + duplicates)} rows so far, {ph({ expectedRows: expectedInWords(job.expected_rows) })}
              .
            </Trans>
          </Text>
        )}
        {!isFinished(job) && job.status !== "paused" && job.estimated_completion && !waiting && (
          <Text c="dimmed">
            <Trans>
              Expected to finish <When at={job.estimated_completion} />, at the current speed.
            </Trans>
          </Text>
        )}
        {waiting?.next_attempt_at && (
          <Text>
            {waiting.error?.message ? (
              <Trans>
                {ph({ displayName: waiting.display_name })} is waiting and resumes <When at={waiting.next_attempt_at} />
                : {ph({ why: waiting.error.message })}.
              </Trans>
            ) : (
              <Trans>
                {ph({ displayName: waiting.display_name })} is waiting and resumes <When at={waiting.next_attempt_at} />
                .
              </Trans>
            )}
          </Text>
        )}
      </Stack>
    </Card>
  );
}
