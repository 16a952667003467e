import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button, Group, Stack, Table, Text } from "@mantine/core";
import type { AccountProgress, ImportStatus } from "../../../api/types";
import { Problem } from "../../../components/Problem";
import { StatusBadge } from "../../../components/StatusBadge";
import { When } from "../../../components/When";
import { WorkBar } from "../../../components/WorkBar";
import { adviceOf } from "../../../lib/adviceOf";
import { formatCount } from "../../../lib/formatCount";
import { listed, asSentence } from "../../../lib/listed";
import { AttemptList } from "./AttemptList";
import type { JobAction, useControlImport } from "./useControlImport";
import { useRate } from "./useRate";

const IS_OPEN = new Set(["pending", "syncing", "waiting"]);

function actionsOf(job: ImportStatus, account: AccountProgress): [JobAction, string][] {
  if (IS_OPEN.has(account.status)) {
    const canPause = !job.is_queue_paused;
    const pause: [JobAction, string] = account.is_paused ? ["resume", t`Resume`] : ["pause", t`Pause`];
    return canPause ? [pause, ["cancel", t`Cancel`]] : [["cancel", t`Cancel`]];
  }
  return account.status === "completed" || job.status === "undone" ? [] : [["retry", t`Try again`]];
}

type Props = {
  job: ImportStatus;
  account: AccountProgress;
  control: ReturnType<typeof useControlImport>;
  now: number;
};

/** One account of a job: its progress, its problems and what to do about them. */
export function AccountLane({ job, account, control, now }: Props) {
  const rate = useRate(account.synced + account.duplicates, now, account.status === "syncing");
  const isOpen = IS_OPEN.has(account.status);
  const status = account.is_paused && isOpen ? "paused" : account.status;
  const isMine = control.variables?.accountIds?.[0] === account.account_id;
  const counts = listed([
    account.updated > 0 && t`${plural({ updated: account.updated }, { one: "# row", other: "# rows" })} updated`,
    account.pending > 0 && plural({ pending: account.pending }, { one: "# pending row", other: "# pending rows" }),
  ]);
  return (
    <Table.Tr aria-label={account.display_name} style={{ verticalAlign: "top" }}>
      <Table.Td>
        <Stack gap={4}>
          <Group gap="xs">
            <Text fw={600} size="sm" style={{ overflowWrap: "anywhere" }}>
              {account.display_name}
            </Text>
            <StatusBadge status={status} />
          </Group>
          {counts && (
            <Text size="sm" c="dimmed">
              {counts}
            </Text>
          )}
          {account.next_attempt_at && (
            <Text size="sm">
              <Trans>
                Waiting for the bank; resumes <When at={account.next_attempt_at} />.
              </Trans>
            </Text>
          )}
          {account.error && (
            <Text size="sm" c={account.status === "failed" ? "red" : "dimmed"}>
              {asSentence(account.error.message ?? account.error.code.replaceAll("_", " "))}{" "}
              {adviceOf(account.error.code)}
            </Text>
          )}
          {control.error && isMine && <Problem error={control.error} />}
          <AttemptList attempts={account.attempts} />
        </Stack>
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <WorkBar percent={account.percent} status={status} of={account.display_name} />
        <Text size="sm" c="dimmed">
          {account.percent} %
        </Text>
      </Table.Td>
      <Table.Td ta="right">{formatCount(account.synced)}</Table.Td>
      <Table.Td ta="right" visibleFrom="sm">
        {formatCount(account.duplicates)}
      </Table.Td>
      <Table.Td ta="right" visibleFrom="md">
        {formatCount(account.errors)}
      </Table.Td>
      <Table.Td ta="right" visibleFrom="md">
        {rate === null ? "" : formatCount(Math.round(rate))}
      </Table.Td>
      <Table.Td>
        <Group gap={4} justify="flex-end">
          {actionsOf(job, account).map(([action, label]) => (
            <Button
              key={action}
              size="compact-sm"
              variant="default"
              loading={control.isPending && isMine && control.variables.action === action}
              onClick={() => control.mutate({ action, accountIds: [account.account_id] })}
              aria-label={`${label} ${account.display_name}`}
            >
              {label}
            </Button>
          ))}
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
