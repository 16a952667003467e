import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Anchor, Paper, ScrollArea, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { components } from "../../api/schema.gen";
import { type TransactionQuery, transactionQueries } from "../../api/transactions";
import { BarChart } from "../../components/Chart";
import { Money } from "../../components/Money";
import { QueryState } from "../../components/QueryState";
import { daysOfMonth, formatMonth } from "../../lib/dates";
import { formatCount } from "../../lib/formatCount";

type Month = components["schemas"]["MonthSumsRead"];
type Props = { query: TransactionQuery; onMonth: (from: string, to: string) => void };

const CHARTED = 24;

/** The sums of all matching rows by month: a chart of the most used currency, and a table in which a month can be
 * chosen. */
export function MonthSums({ query, onMonth }: Props) {
  const months = useQuery(transactionQueries.months(query));
  if (!months.data) return <QueryState query={months} what={t`the months`} />;
  if (months.data.length === 0) return null;
  const currency = mostUsed(months.data);
  const charted = months.data.filter((month) => month.currency === currency).slice(0, CHARTED);
  return (
    <Paper withBorder p="md" component="section" aria-label={t`Sums by month`}>
      <Stack gap="sm" style={{ opacity: months.isPlaceholderData ? 0.6 : 1 }}>
        <div role="img" aria-label={t`Money in and out of ${{ months: charted.length }} months, in ${currency}`}>
          <BarChart
            h={180}
            data={charted.toReversed().map((month) => ({
              month: formatMonth(month.month, "compact"),
              in: Number(month.money_in),
              out: Number(month.money_out),
            }))}
            dataKey="month"
            type="stacked"
            series={[
              { name: "in", label: t`In`, color: "teal.6" },
              { name: "out", label: t`Out`, color: "orange.6" },
            ]}
            tickLine="none"
            gridAxis="x"
            yAxisProps={{ width: 72 }}
            barProps={{ isAnimationActive: false }}
          />
        </div>
        <ScrollArea.Autosize mah={260} type="auto">
          <Table aria-label={t`Sums by month`} stickyHeader>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>
                  <Trans>Month</Trans>
                </Table.Th>
                <Table.Th ta="right" visibleFrom="sm">
                  <Trans>Rows</Trans>
                </Table.Th>
                <Table.Th ta="right">
                  <Trans>In</Trans>
                </Table.Th>
                <Table.Th ta="right">
                  <Trans>Out</Trans>
                </Table.Th>
                <Table.Th ta="right" visibleFrom="sm">
                  <Trans>Net</Trans>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {months.data.map((month) => (
                <Table.Tr key={`${month.month} ${month.currency}`}>
                  <Table.Td>
                    <Anchor
                      component="button"
                      size="sm"
                      onClick={() => onMonth(month.month, daysOfMonth(month.month).at(-1) ?? month.month)}
                    >
                      {formatMonth(month.month)}
                    </Anchor>
                  </Table.Td>
                  <Table.Td ta="right" visibleFrom="sm">
                    {formatCount(month.rows)}
                  </Table.Td>
                  <Table.Td ta="right">
                    <Money amount={month.money_in} currency={month.currency} />
                  </Table.Td>
                  <Table.Td ta="right">
                    <Money amount={month.money_out} currency={month.currency} />
                  </Table.Td>
                  <Table.Td ta="right" visibleFrom="sm">
                    <Text span size="sm" fw={600}>
                      <Money amount={month.net} currency={month.currency} />
                    </Text>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollArea.Autosize>
      </Stack>
    </Paper>
  );
}

function mostUsed(months: Month[]): string {
  const rows = new Map<string, number>();
  for (const month of months) rows.set(month.currency, (rows.get(month.currency) ?? 0) + month.rows);
  return [...rows].reduce((most, item) => (item[1] > most[1] ? item : most))[0];
}
