import { ph, plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Group, Paper, Skeleton, Text } from "@mantine/core";
import type { components } from "../../api/schema.gen";
import { Money } from "../../components/Money";
import { formatCount } from "../../lib/formatCount";

type Totals = components["schemas"]["TotalsRead"];

/** The totals of all matching rows, per currency. */
export function TotalsBar({ totals, isStale }: { totals: Totals | undefined; isStale: boolean }) {
  if (totals === undefined) return <Skeleton height={44} aria-label={t`Loading the totals`} role="status" />;
  return (
    <Paper withBorder px="md" py="xs" role="region" aria-label={t`Totals`} style={{ opacity: isStale ? 0.6 : 1 }}>
      <Group gap="xl" style={{ rowGap: 4 }}>
        <Text size="sm" fw={600}>
          {plural({ rows: totals.rows }, { one: "# transaction", other: "# transactions" })}
          {totals.pending > 0 && (
            <Text span size="sm" c="dimmed" fw={400}>
              {" "}
              <Trans>({ph({ pending: formatCount(totals.pending) })} pending)</Trans>
            </Text>
          )}
        </Text>
        {totals.currencies.map((item) => (
          <Group key={item.currency} gap="md" style={{ fontVariantNumeric: "tabular-nums" }}>
            <Text size="sm">
              <Trans>
                In <Money amount={item.money_in} currency={item.currency} />
              </Trans>
            </Text>
            <Text size="sm">
              <Trans>
                Out <Money amount={item.money_out} currency={item.currency} />
              </Trans>
            </Text>
            <Text size="sm" fw={600}>
              <Trans>
                Net <Money amount={item.net} currency={item.currency} />
              </Trans>
            </Text>
          </Group>
        ))}
      </Group>
    </Paper>
  );
}
