import { Badge, Card, Group, Table, Text, Title } from "@mantine/core";
import type { Overview } from "../../api/types";
import { ConsentClock } from "../../components/ConsentClock";
import { TextLink } from "../../components/TextLink";
import { When } from "../../components/When";
import { formatDay } from "../../lib/dates";
import { counted } from "../../lib/formatCount";

type Bank = Overview["banks"][number];

/** How far each bank is up to date. */
export function BankTable({ banks }: { banks: Bank[] }) {
  return (
    <Card component="section" aria-label="Banks">
      <Title order={2} size="h4" mb="xs">
        Banks
      </Title>
      <Table.ScrollContainer minWidth={300}>
        <Table aria-label="Banks">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Bank</Table.Th>
              <Table.Th>Stored until</Table.Th>
              <Table.Th visibleFrom="sm">Proven until</Table.Th>
              <Table.Th visibleFrom="sm">Last synced</Table.Th>
              <Table.Th>Consent</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {banks.map((bank) => (
              <Table.Tr key={bank.connection_id}>
                <Table.Td>
                  <TextLink to="/connections">{bank.bank}</TextLink>
                  <Text size="sm" c="dimmed">
                    {counted(bank.accounts, "account")}
                  </Text>
                </Table.Td>
                <Table.Td>{bank.held_until ? formatDay(bank.held_until) : "nothing yet"}</Table.Td>
                <Table.Td visibleFrom="sm">
                  <Group gap={6}>
                    {bank.proven_until ? formatDay(bank.proven_until) : "not yet"}
                    {bank.broken_days > 0 && (
                      <Badge color="red" variant="light">
                        {counted(bank.broken_days, "broken day")}
                      </Badge>
                    )}
                  </Group>
                </Table.Td>
                <Table.Td visibleFrom="sm">
                  {bank.last_synced_at ? <When at={bank.last_synced_at} /> : "never"}
                </Table.Td>
                <Table.Td>
                  <ConsentClock
                    state={bank.consent_state}
                    endsAt={bank.consent_ends_at}
                    daysLeft={bank.consent_days_left}
                  />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Card>
  );
}
