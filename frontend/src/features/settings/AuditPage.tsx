import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button, Card, Group, Stack, Switch, Table, Text } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { auditQueries } from "../../api/audit";
import { meQuery } from "../../api/me";
import { PagedRows } from "../../components/PagedRows";
import { PageHeader } from "../../components/PageHeader";
import { When } from "../../components/When";
import { listed } from "../../lib/listed";

/** The audit log: the user's own entries, and everybody's for administrators. */
export function AuditPage() {
  const me = useQuery(meQuery);
  const [everybody, setEverybody] = useState(false);
  const entries = useInfiniteQuery(auditQueries.entries(everybody));
  return (
    <>
      <PageHeader title={t`Audit log`}>
        <Trans>Sign-ins, consents, imports, schedules and changes of settings. Entries are only added.</Trans>
      </PageHeader>
      <Stack>
        <Group justify="space-between">
          {me.data?.role === "admin" ? (
            <Switch
              label={t`All users`}
              checked={everybody}
              onChange={(event) => setEverybody(event.currentTarget.checked)}
            />
          ) : (
            <span />
          )}
          <Button component="a" href={everybody ? "/api/audit/all/export" : "/api/audit/export"} variant="default">
            <Trans>Download as JSON lines</Trans>
          </Button>
        </Group>
        <Card>
          <PagedRows
            pages={entries}
            what={t`the audit log`}
            empty={t`Nothing has been recorded yet`}
            rowsOf={(page) => page.entries}
          >
            {(rows) => (
              <Table.ScrollContainer minWidth={280}>
                <Table aria-label={t`Audit log`}>
                  <Table.Thead>
                    <Table.Tr>
                      <Table.Th>
                        <Trans>When</Trans>
                      </Table.Th>
                      <Table.Th>
                        <Trans>What</Trans>
                      </Table.Th>
                      {everybody && (
                        <Table.Th>
                          <Trans>Who</Trans>
                        </Table.Th>
                      )}
                      <Table.Th visibleFrom="sm">
                        <Trans>Details</Trans>
                      </Table.Th>
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {rows.map((entry) => (
                      <Table.Tr key={entry.id}>
                        <Table.Td>
                          <When at={entry.created_at} exact />
                        </Table.Td>
                        <Table.Td>
                          {inWords(entry.action)}
                          <Details of={entry} hiddenFrom="sm" />
                        </Table.Td>
                        {everybody && <Table.Td>{entry.user ?? t`the installation`}</Table.Td>}
                        <Table.Td visibleFrom="sm">
                          <Details of={entry} />
                        </Table.Td>
                      </Table.Tr>
                    ))}
                  </Table.Tbody>
                </Table>
              </Table.ScrollContainer>
            )}
          </PagedRows>
        </Card>
      </Stack>
    </>
  );
}

/** What an entry says beyond its name: beside it, and on a phone below it. */
function Details({ of: entry, ...shownAt }: { of: { details: object }; hiddenFrom?: "sm" }) {
  return (
    <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }} {...shownAt}>
      {listed(Object.entries(entry.details).map(([name, value]) => `${inWords(name)} ${shown(value)}`))}
    </Text>
  );
}

/** `schedule.run_now` as “schedule run now”. */
function inWords(name: string): string {
  return name.replaceAll(/[._]/g, " ");
}

function shown(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : JSON.stringify(value);
}
