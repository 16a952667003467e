import { Card, Group, Progress, Text } from "@mantine/core";
import type { AccountProgress } from "../../api/types";
import { StatusBadge } from "../../components/StatusBadge";
import { formatInstant } from "../../lib/formatDay";

export function AccountImportRow({ account }: { account: AccountProgress }) {
  return (
    <Card withBorder padding="sm" component="section" aria-label={account.display_name}>
      <Group justify="space-between">
        <Group gap="xs">
          <Text fw={600}>{account.display_name}</Text>
          <StatusBadge status={account.status} />
        </Group>
        <Text size="sm">
          {account.synced} new, {account.duplicates} held already, {account.errors} errors
        </Text>
      </Group>
      <Progress value={account.percent} mt="xs" aria-label={`${account.percent} percent of ${account.display_name}`} />
      {account.next_attempt_at && (
        <Text size="sm" mt="xs">
          Waiting for the bank until {formatInstant(account.next_attempt_at)}.
        </Text>
      )}
      {account.error && (
        <Text size="sm" mt="xs" c={account.status === "failed" ? "red" : "dimmed"}>
          {account.error.message}
        </Text>
      )}
    </Card>
  );
}
