import { ph, plural, t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Button, Group, Stack, Table, Text } from "@mantine/core";
import { useState } from "react";
import { Money } from "../../components/Money";
import { TextLink } from "../../components/TextLink";
import { WideTable } from "../../components/WideTable";
import { formatDay } from "../../lib/dates";
import { formatCount } from "../../lib/formatCount";
import type { Preview } from "./useEnrichment";

const FIRST = 8;
const MORE = 50;

type Sample = Preview["samples"][number];

/** The stored rows that a rule or correction would change, before and after, and those that stay. */
export function RulePreview({ preview, isStale = false }: { preview: Preview; isStale?: boolean }) {
  const [most, setMost] = useState(FIRST);
  const shown = preview.samples.slice(0, most);
  return (
    <Stack gap="xs" aria-busy={isStale} style={isStale ? { opacity: 0.6 } : {}}>
      <Text size="sm" role="status">
        {preview.matching === 0 ? (
          t`No stored row matches. Future rows will be checked.`
        ) : (
          <>
            <Trans>
              <strong>
                <Plural value={{ changing: preview.changing }} one="# row" other="# rows" /> would change
              </strong>
              , of {ph({ matching: formatCount(preview.matching) })} that match.
            </Trans>{" "}
            {staying(preview)}
          </>
        )}
      </Text>
      {shown.length > 0 && (
        <WideTable minWidth={420} aria-label={t`Rows that would change`} role="region">
          <Table aria-label={t`Rows that would change`} verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>
                  <Trans>Row</Trans>
                </Table.Th>
                <Table.Th>
                  <Trans>Before and after</Trans>
                </Table.Th>
                <Table.Th ta="right">
                  <Trans>Amount</Trans>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {shown.map((sample) => (
                <Table.Tr key={sample.transaction_id}>
                  <Table.Td>
                    <TextLink
                      size="sm"
                      underline="always"
                      to="/transactions"
                      search={{ row: sample.transaction_id }}
                      style={{ overflowWrap: "anywhere" }}
                    >
                      {sample.description || t`without a description`}
                    </TextLink>
                    <Text size="xs" c="dimmed">
                      {formatDay(sample.date)}
                    </Text>
                  </Table.Td>
                  <Table.Td data-label={t`Before and after`}>
                    <Change name="category" before={sample.category} after={sample.category_after} />
                    <Change name="merchant" before={sample.merchant} after={sample.merchant_after} />
                  </Table.Td>
                  <Table.Td data-label={t`Amount`} ta="right">
                    <Money amount={sample.amount} currency={sample.currency} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </WideTable>
      )}
      {preview.changing > shown.length && (
        <Group gap="sm">
          <Text size="xs" c="dimmed">
            <Trans>
              {ph({ shown: formatCount(shown.length) })} of {ph({ changing: formatCount(preview.changing) })} are shown.
            </Trans>
          </Text>
          {preview.samples.length > shown.length && (
            <Button size="compact-sm" variant="default" onClick={() => setMost(most + MORE)}>
              <Trans>Show more rows</Trans>
            </Button>
          )}
        </Group>
      )}
    </Stack>
  );
}

function staying(preview: Preview): string {
  return [
    preview.kept_by_user > 0 &&
      plural(
        { keptByUser: preview.kept_by_user },
        { one: "# row that you edited stays unchanged.", other: "# rows that you edited stay unchanged." },
      ),
    preview.said_earlier > 0 &&
      t`An earlier rule applies to ${plural({ saidEarlier: preview.said_earlier }, { one: "# row", other: "# rows" })}.`,
  ]
    .filter((text) => text !== false)
    .join(" ");
}

function Change({ name, before, after }: { name: string; before: Sample["category"]; after: Sample["category"] }) {
  if (before === after) return null;
  return (
    <Text size="sm" style={{ overflowWrap: "anywhere" }}>
      <Text span size="xs" c="dimmed">
        {name}{" "}
      </Text>
      {before !== null && (
        <>
          <del aria-label={t`was ${before}`}>{before}</del> →{" "}
        </>
      )}
      <ins style={{ textDecoration: "none", fontWeight: 600 }}>{after ?? t`none`}</ins>
    </Text>
  );
}
