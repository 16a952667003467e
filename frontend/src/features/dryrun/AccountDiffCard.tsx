import type { MessageDescriptor } from "@lingui/core";
import { msg, ph, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Badge, Button, Card, Group, Stack, Tabs, Table, Text, Title } from "@mantine/core";
import { FieldChanges } from "../../components/FieldChanges";
import { Money } from "../../components/Money";
import { WideTable } from "../../components/WideTable";
import { formatDay } from "../../lib/dates";
import { formatCount } from "../../lib/formatCount";
import { labelled } from "../../lib/listed";
import { fieldWords, valueWords } from "../../lib/rowWords";
import type { AccountDiff, DiffRow } from "./useSettle";

type Kind = "new" | "changed" | "merged" | "vanished" | "lacking";

const KINDS: { kind: Kind; name: MessageDescriptor; colour: string; about: MessageDescriptor }[] = [
  { kind: "new", name: msg`New`, colour: "green", about: msg`These rows are stored.` },
  {
    kind: "changed",
    name: msg`Changed`,
    colour: "blue",
    about: msg`The bank's values differ from the stored ones. Your edits stay.`,
  },
  {
    kind: "merged",
    name: msg`Would merge`,
    colour: "teal",
    about: msg`Pending rows that are now booked. Each becomes the booked row and keeps its id.`,
  },
  {
    kind: "vanished",
    name: msg`Would vanish`,
    colour: "orange",
    about: msg`Pending rows that the bank no longer lists are removed.`,
  },
  {
    kind: "lacking",
    name: msg`Missing`,
    colour: "yellow",
    about: msg`Booked rows missing from the bank's answer. They stay, and you can review them.`,
  },
];

type Props = { diff: AccountDiff; onShowMore: (() => void) | null };

/** The effect of a commit on one account: counts, balance and rows. */
export function AccountDiffCard({ diff, onShowMore }: Props) {
  const shown = KINDS.filter(({ kind }) => (diff.counts[kind] ?? 0) > 0);
  return (
    <Card withBorder component="section" aria-label={diff.display_name}>
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2} size="h4">
            {diff.display_name}
          </Title>
          <Text size="sm">
            <Trans>
              Effect on the booked balance:{" "}
              <Text span fw={600}>
                <Money amount={diff.balance_effect} currency={diff.currency} />
              </Text>
            </Trans>
          </Text>
        </Group>
        <Group gap="xs">
          {KINDS.map(({ kind, name, colour }) => (
            <Badge
              key={kind}
              variant="light"
              color={diff.counts[kind] ? colour : "gray"}
              style={{ textTransform: "none" }}
            >
              {labelled(t(name), formatCount(diff.counts[kind] ?? 0))}
            </Badge>
          ))}
          <Badge variant="light" color="gray" style={{ textTransform: "none" }}>
            <Trans>Same: {ph({ same: formatCount(diff.counts.same ?? 0) })}</Trans>
          </Badge>
        </Group>
        {shown.length === 0 && (
          <Text size="sm">
            <Trans>Nothing changes: all rows are already stored.</Trans>
          </Text>
        )}
        {shown[0] && (
          <Tabs defaultValue={shown[0].kind} keepMounted={false}>
            <Tabs.List>
              {shown.map(({ kind, name }) => (
                <Tabs.Tab key={kind} value={kind}>
                  {t(name)} ({formatCount(diff.counts[kind] ?? 0)})
                </Tabs.Tab>
              ))}
            </Tabs.List>
            {shown.map(({ kind, about, name }) => (
              <Tabs.Panel key={kind} value={kind} pt="sm">
                <Text size="sm" c="dimmed" mb="xs">
                  {t(about)}
                </Text>
                <Rows rows={diff[kind]} label={t`${{ name: t(name) }} rows of ${{ displayName: diff.display_name }}`} />
                {diff[kind].length < (diff.counts[kind] ?? 0) && (
                  <Group mt="xs">
                    <Text size="sm" c="dimmed">
                      <Trans>
                        {formatCount(diff[kind].length)} of {formatCount(diff.counts[kind] ?? 0)} shown
                      </Trans>
                    </Text>
                    {onShowMore && (
                      <Button size="compact-sm" variant="default" onClick={onShowMore}>
                        <Trans>Show more</Trans>
                      </Button>
                    )}
                  </Group>
                )}
              </Tabs.Panel>
            ))}
          </Tabs>
        )}
      </Stack>
    </Card>
  );
}

function Rows({ rows, label }: { rows: DiffRow[]; label: string }) {
  const hasChanges = rows.some((row) => Object.keys(row.after).length > 0);
  return (
    <WideTable minWidth={480} maxHeight={420} aria-label={label} role="region">
      <Table aria-label={label} stickyHeader verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={120}>
              <Trans>Day</Trans>
            </Table.Th>
            <Table.Th>
              <Trans>Description</Trans>
            </Table.Th>
            {hasChanges && (
              <Table.Th>
                <Trans>What changes</Trans>
              </Table.Th>
            )}
            <Table.Th ta="right">
              <Trans>Amount</Trans>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row, index) => (
            <Table.Tr key={row.transaction_id ?? `new ${index}`} style={{ verticalAlign: "top" }}>
              <Table.Td style={{ whiteSpace: "nowrap" }}>{formatDay(row.date)}</Table.Td>
              <Table.Td data-label={t`Description`}>{row.description}</Table.Td>
              {hasChanges && (
                <Table.Td data-label={t`What changes`}>
                  <FieldChanges before={row.before} after={row.after} nameOf={fieldWords} textOf={valueWords} />
                </Table.Td>
              )}
              <Table.Td data-label={t`Amount`} ta="right" style={{ whiteSpace: "nowrap" }}>
                <Money amount={row.amount} currency={row.currency} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}
