import { Button, Group, Stack, Table, Text } from "@mantine/core";
import { useState } from "react";
import { Money } from "../../components/Money";
import { TextLink } from "../../components/TextLink";
import { formatDay } from "../../lib/dates";
import { counted, formatCount } from "../../lib/formatCount";
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
          "No stored row matches. Future rows will be checked."
        ) : (
          <>
            <strong>{counted(preview.changing, "row")} would change</strong>, of {formatCount(preview.matching)} that
            match.
            {staying(preview)}
          </>
        )}
      </Text>
      {shown.length > 0 && (
        <Table.ScrollContainer minWidth={420} aria-label="Rows that would change" role="region">
          <Table aria-label="Rows that would change" verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Row</Table.Th>
                <Table.Th>Before and after</Table.Th>
                <Table.Th ta="right">Amount</Table.Th>
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
                      {sample.description || "without a description"}
                    </TextLink>
                    <Text size="xs" c="dimmed">
                      {formatDay(sample.date)}
                    </Text>
                  </Table.Td>
                  <Table.Td>
                    <Change name="category" before={sample.category} after={sample.category_after} />
                    <Change name="merchant" before={sample.merchant} after={sample.merchant_after} />
                  </Table.Td>
                  <Table.Td ta="right">
                    <Money amount={sample.amount} currency={sample.currency} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {preview.changing > shown.length && (
        <Group gap="sm">
          <Text size="xs" c="dimmed">
            {formatCount(shown.length)} of {formatCount(preview.changing)} are shown.
          </Text>
          {preview.samples.length > shown.length && (
            <Button size="compact-sm" variant="default" onClick={() => setMost(most + MORE)}>
              Show more rows
            </Button>
          )}
        </Group>
      )}
    </Stack>
  );
}

function staying(preview: Preview): string {
  const reasons = [
    preview.kept_by_user > 0 &&
      `${counted(preview.kept_by_user, "row")} that you edited stay${preview.kept_by_user === 1 ? "s" : ""} unchanged`,
    preview.said_earlier > 0 && `an earlier rule applies to ${counted(preview.said_earlier, "row")}`,
  ].filter((text) => text !== false);
  return reasons.length === 0 ? "" : ` ${reasons.join("; ")}.`.replace(/^ ./, (start) => start.toUpperCase());
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
          <del aria-label={`was ${before}`}>{before}</del> →{" "}
        </>
      )}
      <ins style={{ textDecoration: "none", fontWeight: 600 }}>{after ?? "none"}</ins>
    </Text>
  );
}
