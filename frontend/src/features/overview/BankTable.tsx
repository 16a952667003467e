import { ph, plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Badge, Card, Group, Table, Text, Title } from "@mantine/core";
import type { Overview } from "../../api/types";
import { ConsentClock } from "../../components/ConsentClock";
import { TextLink } from "../../components/TextLink";
import { When } from "../../components/When";
import { formatDay } from "../../lib/dates";

type Bank = Overview["banks"][number];

/** How far each bank is up to date. */
export function BankTable({ banks }: { banks: Bank[] }) {
  return (
    <Card component="section" aria-label={t`Banks`}>
      <Title order={2} size="h4" mb="xs">
        <Trans>Banks</Trans>
      </Title>
      <Table.ScrollContainer minWidth={300}>
        <Table aria-label={t`Banks`}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>
                <Trans>Bank</Trans>
              </Table.Th>
              <Table.Th>
                <Trans>Stored until</Trans>
              </Table.Th>
              <Table.Th visibleFrom="sm">
                <Trans>Proven until</Trans>
              </Table.Th>
              <Table.Th visibleFrom="sm">
                <Trans>Last synced</Trans>
              </Table.Th>
              <Table.Th>
                <Trans>Consent</Trans>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {banks.map((bank) => (
              <Table.Tr key={bank.connection_id}>
                <Table.Td>
                  <TextLink to="/connections">{bank.bank}</TextLink>
                  <Text size="sm" c="dimmed">
                    {plural({ accounts: bank.accounts }, { one: "# account", other: "# accounts" })}
                  </Text>
                </Table.Td>
                <Table.Td>
                  {bank.held_until && formatDay(bank.held_until)}
                  {!bank.held_until && bank.accounts_being_checked === 0 && t`nothing yet`}
                  {bank.accounts_being_checked > 0 && (
                    <Text size="sm" c="dimmed" role="status">
                      <Trans>being checked</Trans>
                    </Text>
                  )}
                </Table.Td>
                <Table.Td visibleFrom="sm">
                  <Group gap={6}>
                    {bank.proven_until ? formatDay(bank.proven_until) : t`not yet`}
                    {bank.proven_until && bank.accounts_proven < bank.accounts && (
                      <Text size="sm" c="dimmed">
                        <Trans>
                          {ph({ proven: bank.accounts_proven })} of {ph({ accounts: bank.accounts })} accounts
                        </Trans>
                      </Text>
                    )}
                    {bank.broken_days > 0 && (
                      <Badge color="red" variant="light">
                        {plural({ brokenDays: bank.broken_days }, { one: "# broken day", other: "# broken days" })}
                      </Badge>
                    )}
                  </Group>
                </Table.Td>
                <Table.Td visibleFrom="sm">
                  {bank.last_synced_at ? <When at={bank.last_synced_at} /> : t`never`}
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
