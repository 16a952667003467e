import { Group, Paper, Skeleton, Text } from "@mantine/core";
import type { components } from "../../api/schema.gen";
import { Money } from "../../components/Money";
import { formatCount } from "../../lib/formatCount";

type Totals = components["schemas"]["TotalsRead"];

/** The totals of all matching rows, per currency. */
export function TotalsBar({ totals, isStale }: { totals: Totals | undefined; isStale: boolean }) {
  if (totals === undefined) return <Skeleton height={44} aria-label="Loading the totals" role="status" />;
  const rows = formatCount(totals.rows);
  return (
    <Paper withBorder px="md" py="xs" role="region" aria-label="Totals" style={{ opacity: isStale ? 0.6 : 1 }}>
      <Group gap="xl" style={{ rowGap: 4 }}>
        <Text size="sm" fw={600}>
          {rows} {totals.rows === 1 ? "transaction" : "transactions"}
          {totals.pending > 0 && (
            <Text span size="sm" c="dimmed" fw={400}>
              {" "}
              ({formatCount(totals.pending)} pending)
            </Text>
          )}
        </Text>
        {totals.currencies.map((item) => (
          <Group key={item.currency} gap="md" style={{ fontVariantNumeric: "tabular-nums" }}>
            <Text size="sm">
              In <Money amount={item.money_in} currency={item.currency} />
            </Text>
            <Text size="sm">
              Out <Money amount={item.money_out} currency={item.currency} />
            </Text>
            <Text size="sm" fw={600}>
              Net <Money amount={item.net} currency={item.currency} />
            </Text>
          </Group>
        ))}
      </Group>
    </Paper>
  );
}
