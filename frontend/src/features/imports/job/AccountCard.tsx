import { Button, Card, Group, Progress, Stack, Text } from "@mantine/core";
import type { AccountProgress, ImportStatus } from "../../../api/types";
import { Problem } from "../../../components/Problem";
import { StatusBadge } from "../../../components/StatusBadge";
import { When } from "../../../components/When";
import { adviceOf } from "../../../lib/adviceOf";
import { counted } from "../../../lib/formatCount";
import { AttemptList } from "./AttemptList";
import { type JobAction, useControlImport } from "./useControlImport";

const IS_OPEN = new Set(["pending", "syncing", "waiting"]);

/** One account of a job: its progress, its problems and what to do about them. */
export function AccountCard({ job, account }: { job: ImportStatus; account: AccountProgress }) {
  const control = useControlImport(job.job_id);
  const isOpen = IS_OPEN.has(account.status);
  const actions: [JobAction, string][] = isOpen
    ? [account.is_paused ? ["resume", "Resume"] : ["pause", "Pause"], ["cancel", "Cancel"]]
    : account.status === "completed" || job.status === "undone"
      ? []
      : [["retry", "Try again"]];
  return (
    <Card component="section" aria-label={account.display_name}>
      <Stack gap="xs">
        <Group justify="space-between">
          <Group gap="xs">
            <Text fw={600}>{account.display_name}</Text>
            <StatusBadge status={account.is_paused && isOpen ? "paused" : account.status} />
          </Group>
          <Group gap="xs">
            {actions.map(([action, label]) => (
              <Button
                key={action}
                size="compact-sm"
                variant="default"
                loading={control.isPending && control.variables.action === action}
                onClick={() => control.mutate({ action, accountIds: [account.account_id] })}
                aria-label={`${label} ${account.display_name}`}
              >
                {label}
              </Button>
            ))}
          </Group>
        </Group>
        <Progress value={account.percent} aria-label={`${account.percent} percent of ${account.display_name}`} />
        <Text size="sm">
          {counted(account.synced, "row")} new, {counted(account.duplicates, "row")} already stored,{" "}
          {counted(account.updated, "row")} updated, {counted(account.errors, "error")}
          {account.pending > 0 && `, ${account.pending} pending`}
        </Text>
        {account.next_attempt_at && (
          <Text size="sm">
            Waiting for the bank; resumes <When at={account.next_attempt_at} />.
          </Text>
        )}
        {account.error && (
          <Text size="sm" c={account.status === "failed" ? "red" : "dimmed"}>
            {account.error.message ?? account.error.code.replaceAll("_", " ")}. {adviceOf(account.error.code)}
          </Text>
        )}
        {control.error && <Problem error={control.error} />}
        <AttemptList attempts={account.attempts} />
      </Stack>
    </Card>
  );
}
