import type { MessageDescriptor } from "@lingui/core";
import { msg, ph, plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Box, Checkbox, Group, Stack, Table, Text } from "@mantine/core";
import type { QueueEntry } from "../../../api/types";
import { CostText } from "../../../components/CostText";
import { Listed } from "../../../components/Listed";
import { Problem } from "../../../components/Problem";
import { StatusBadge } from "../../../components/StatusBadge";
import { TextLink } from "../../../components/TextLink";
import { When } from "../../../components/When";
import { WorkBar } from "../../../components/WorkBar";
import { accountsInWords } from "../../../lib/accountsInWords";
import { capitalised } from "../../../lib/capitalised";
import { formatDay } from "../../../lib/dates";
import { formatCount } from "../../../lib/formatCount";
import { listed } from "../../../lib/listed";
import { serverWords } from "../../../lib/serverWords";
import { CancelButton, ControlButton } from "../job/ControlButtons";
import { expectedInWords } from "../job/expectedInWords";
import { type JobAction, useControlImport } from "../job/useControlImport";

const ACTIONS: Partial<Record<QueueEntry["status"], [JobAction, MessageDescriptor]>> = {
  queued: ["pause", msg`Pause`],
  running: ["pause", msg`Pause`],
  waiting: ["pause", msg`Pause`],
  paused: ["resume", msg`Resume`],
  pausing: ["resume", msg`Resume`],
  failed: ["retry", msg`Retry`],
  partly_failed: ["retry", msg`Retry`],
  cancelled: ["retry", msg`Retry`],
};

type Props = {
  entry: QueueEntry;
  isChosen: boolean;
  isQueuePaused: boolean;
  onChoose: (isChosen: boolean) => void;
};

/** One import in the queue: its progress, what it waits for, and its actions. */
export function QueueRow({ entry, isChosen, isQueuePaused, onChoose }: Props) {
  const control = useControlImport(entry.job_id);
  const hasEnded = entry.completed_at !== null;
  const calls = plural({ apiCalls: entry.api_calls }, { one: "# call", other: "# calls" });
  // Only a queued import has a place in the order; the first one has it already.
  const canMove = entry.status === "queued" && (entry.runs_next || (entry.place ?? 1) > 1);
  const action = isQueuePaused && !hasEnded ? undefined : ACTIONS[entry.status];
  return (
    <Table.Tr style={{ verticalAlign: "top" }}>
      <Table.Td>
        <Checkbox
          aria-label={t`Select import ${{ jobId: entry.job_id }}`}
          checked={isChosen}
          onChange={(event) => onChoose(event.currentTarget.checked)}
        />
      </Table.Td>
      <Table.Td>
        <Stack gap={2}>
          <Group gap="xs">
            <TextLink size="sm" to="/imports/$jobId" params={{ jobId: entry.job_id }}>
              {listed([entry.job_id, entry.bank])}
            </TextLink>
            <StatusBadge status={entry.status} />
          </Group>
          <Text size="sm" c="dimmed">
            {formatDay(entry.date_range.from)} – {formatDay(entry.date_range.to)}
          </Text>
          {entry.until && (
            <Text size="sm">
              {entry.why ? (
                <Trans>
                  Resumes <When at={entry.until} />: {ph({ why: entry.why })}
                </Trans>
              ) : (
                <Trans>
                  Resumes <When at={entry.until} />
                </Trans>
              )}
            </Text>
          )}
          {!entry.until && entry.why && (
            <Text size="sm" {...(hasEnded ? { c: "red" } : {})}>
              {hasEnded ? entry.why : capitalised(serverWords(entry.why))}
            </Text>
          )}
          <Box hiddenFrom="sm">
            <Progress entry={entry} />
          </Box>
          {entry.runs_next && (
            <Text size="sm">
              <Trans>Runs before your other imports</Trans>
            </Text>
          )}
          <Text size="sm" c="dimmed" hiddenFrom="md">
            <Listed>
              {plural({ rows: entry.rows }, { one: "# row", other: "# rows" })}
              {!hasEnded && expectedInWords(entry.expected_rows)}
              {hasEnded ? calls : t`${calls} of about ${{ planned: formatCount(entry.planned.api_calls) }}`}
              <Trans>
                costs: <CostText cost={entry.cost} />
              </Trans>
            </Listed>
          </Text>
          {control.error && <Problem error={control.error} />}
        </Stack>
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <Progress entry={entry} />
      </Table.Td>
      <Table.Td ta="right" visibleFrom="md">
        {formatCount(entry.rows)}
        {!hasEnded && (
          <Text size="sm" c="dimmed">
            {expectedInWords(entry.expected_rows)}
          </Text>
        )}
      </Table.Td>
      <Table.Td ta="right" visibleFrom="md">
        {calls}
        <Text size="sm" c="dimmed">
          {hasEnded
            ? t`planned ${{ calls: formatCount(entry.planned.api_calls) }}`
            : t`of about ${{ calls: formatCount(entry.planned.api_calls) }}`}
        </Text>
      </Table.Td>
      <Table.Td ta="right" visibleFrom="lg">
        <CostText cost={entry.cost} />
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <Times entry={entry} />
      </Table.Td>
      <Table.Td>
        <Group gap={4} justify="flex-end">
          {canMove && (
            <ControlButton
              control={control}
              action={entry.runs_next ? "in turn" : "next"}
              label={entry.runs_next ? t`Run in turn` : t`Run next`}
              size="compact-sm"
              aria-label={
                entry.runs_next
                  ? t`Run in turn: import ${{ jobId: entry.job_id }}`
                  : t`Run next: import ${{ jobId: entry.job_id }}`
              }
            />
          )}
          {action && (
            <ControlButton
              control={control}
              action={action[0]}
              label={t(action[1])}
              size="compact-sm"
              aria-label={t`${{ action: t(action[1]) }} import ${{ jobId: entry.job_id }}`}
            />
          )}
          {!hasEnded && (
            <CancelButton
              control={control}
              jobId={entry.job_id}
              size="compact-sm"
              aria-label={t`Cancel import ${{ jobId: entry.job_id }}`}
            />
          )}
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

function Progress({ entry }: { entry: QueueEntry }) {
  return (
    <>
      <WorkBar percent={entry.percent} status={entry.status} of={t`import ${{ jobId: entry.job_id }}`} />
      <Text size="sm">{listed([t`${{ percent: entry.percent }} %`, accountsInWords(entry)])}</Text>
    </>
  );
}

function Times({ entry }: { entry: QueueEntry }) {
  if (entry.completed_at !== null) {
    return (
      <>
        <Trans>
          ended <When at={entry.completed_at} />
        </Trans>
      </>
    );
  }
  return (
    <>
      {entry.started_at === null ? (
        <Trans>
          queued <When at={entry.created_at} />
        </Trans>
      ) : (
        <Trans>
          started <When at={entry.started_at} />
        </Trans>
      )}
      {entry.estimated_completion && (
        <Text size="sm" c="dimmed">
          <Trans>
            ends <When at={entry.estimated_completion} />
          </Trans>
        </Text>
      )}
    </>
  );
}
