import { Button, Card, Group, Modal, Stack, Table, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { Account, Connection } from "../../api/types";
import { ConsentClock } from "../../components/ConsentClock";
import { LoadingState } from "../../components/LoadingState";
import { Problem } from "../../components/Problem";
import { StatusBadge } from "../../components/StatusBadge";
import { formatDay, formatInstant } from "../../lib/formatDay";
import { formatMoney } from "../../lib/formatMoney";
import { useRemoveConnection } from "./useConnections";

type Props = { connection: Connection; accounts: Account[] | undefined; onReconnect: () => void };

export function ConnectionCard({ connection, accounts, onReconnect }: Props) {
  const [isAsking, asking] = useDisclosure(false);
  const remove = useRemoveConnection();
  return (
    <Card withBorder component="section" aria-label={connection.bank}>
      <Group justify="space-between" mb="sm">
        <Group>
          <Title order={2} size="h4">
            {connection.bank}
          </Title>
          <StatusBadge status={connection.status} />
          <ConsentClock
            state={connection.consent_state}
            endsAt={connection.consent_expires_at}
            daysLeft={connection.consent_days_left}
          />
        </Group>
        <Group gap="xs">
          <Button size="compact-sm" variant="default" onClick={onReconnect}>
            Reconnect
          </Button>
          <Button size="compact-sm" variant="subtle" color="red" onClick={asking.open}>
            Remove
          </Button>
        </Group>
      </Group>
      {accounts === undefined ? <LoadingState what="accounts" /> : <AccountTable accounts={accounts} />}
      <Modal opened={isAsking} onClose={asking.close} title={`Remove ${connection.bank}?`}>
        <Stack>
          <Text>
            bankimport forgets its access to the bank, and imports from it end. Accounts and transactions that were
            imported stay. You can connect the bank again at any time.
          </Text>
          {remove.error && <Problem error={remove.error} />}
          <Button
            color="red"
            loading={remove.isPending}
            onClick={() => remove.mutate(connection.id, { onSuccess: asking.close })}
          >
            Remove the connection
          </Button>
        </Stack>
      </Modal>
    </Card>
  );
}

function AccountTable({ accounts }: { accounts: Account[] }) {
  if (accounts.length === 0) return <Text c="dimmed">The bank lists no accounts or cards.</Text>;
  return (
    <Table.ScrollContainer minWidth={600}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Account</Table.Th>
            <Table.Th ta="right">Balance</Table.Th>
            <Table.Th ta="right">Rows</Table.Th>
            <Table.Th>Days held</Table.Th>
            <Table.Th>Last synced</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {accounts.map((account) => (
            <Table.Tr key={account.account_id}>
              <Table.Td>
                {account.display_name}{" "}
                <Text span size="sm" c="dimmed">
                  {account.kind}
                  {account.last_digits && ` ····${account.last_digits}`}
                </Text>
              </Table.Td>
              <Table.Td ta="right">
                {account.balance ? formatMoney(account.balance.current, account.currency) : "unknown"}
              </Table.Td>
              <Table.Td ta="right">{account.coverage.transactions}</Table.Td>
              <Table.Td>
                {account.coverage.held.map((days) => `${formatDay(days.from)} – ${formatDay(days.to)}`).join(", ") ||
                  "none"}
              </Table.Td>
              <Table.Td>{account.last_synced_at ? formatInstant(account.last_synced_at) : "never"}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
