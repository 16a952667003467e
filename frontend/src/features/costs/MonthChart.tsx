import { ph, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Box, Card, SimpleGrid, Table, Text, Title } from "@mantine/core";
import type { Costs } from "../../api/types";
import { LineChart } from "../../components/Chart";
import { WideTable } from "../../components/WideTable";
import { costInWords } from "../../lib/costInWords";
import { formatDay, formatDayOfYear, formatMonth } from "../../lib/dates";
import { formatCount } from "../../lib/formatCount";
import { formatMoney } from "../../lib/formatMoney";
import { RowsLink } from "./Figure";
import { daysInWords, type Series, seriesOf } from "./monthSeries";

type Props = { month: Costs["month"] };

/** What this month cost until each day, with the forecast to its end and the cap; the table has the same figures. */
export function MonthChart({ month }: Props) {
  const series = seriesOf(month);
  const days = daysInWords(month);
  return (
    <Card component="section" aria-label={t`Spending this month`}>
      <Title order={2} size="h4">
        <Trans>Spending in {ph({ month: formatMonth(month.month) })}</Trans>
      </Title>
      {series.length === 0 ? (
        <Text size="sm" c="dimmed">
          {month.spent.unknown.length > 0
            ? t`A price is not set, so there is no sum to draw.`
            : t`Nothing was spent this month so far.`}
        </Text>
      ) : (
        <SimpleGrid cols={{ base: 1, lg: Math.min(2, series.length) }} mt={4}>
          {series.map((one) => (
            <Currency key={one.currency} series={one} isPartUnknown={month.spent.unknown.length > 0} />
          ))}
        </SimpleGrid>
      )}
      {days.length > 0 && <DayTable days={days} />}
    </Card>
  );
}

function Currency({ series, isPartUnknown }: { series: Series; isPartUnknown: boolean }) {
  const { currency, cap, isMixed, points } = series;
  const money = (amount: number | string) => formatMoney(String(amount), currency);
  const last = points.at(-1)?.day ?? "";
  const summary = [
    isPartUnknown
      ? t`More than ${{ spent: money(series.spent) }} so far, ${{ expected: money(series.expected) }} expected by ${{ last: formatDay(last) }}.`
      : t`${{ spent: money(series.spent) }} so far, ${{ expected: money(series.expected) }} expected by ${{ last: formatDay(last) }}.`,
    cap === null ? "" : t`The cap on enrichment is ${{ cap: money(cap) }}.`,
  ]
    .join(" ")
    .trim();
  return (
    <div>
      <Text size="sm" c="dimmed" mb="sm">
        {summary}
      </Text>
      <div role="img" aria-label={t`Line of the spending in ${currency}, day by day: ${summary} A table follows.`}>
        <LineChart
          h={240}
          data={points.map((point) => ({ ...point, day: formatDayOfYear(point.day) }))}
          dataKey="day"
          curveType="linear"
          connectNulls={false}
          withDots={false}
          withLegend
          gridAxis="x"
          tickLine="none"
          valueFormatter={money}
          yAxisProps={{ width: 72, domain: [0, "auto"] }}
          xAxisProps={{ minTickGap: 24 }}
          lineProps={{ isAnimationActive: false }}
          series={[
            { name: "spent", label: t`Spent`, color: "indigo.6" },
            ...(cap !== null && isMixed ? [{ name: "enrichment", label: t`Of it enrichment`, color: "teal.6" }] : []),
            { name: "forecast", label: t`Forecast`, color: "indigo.4", strokeDasharray: "5 5" },
          ]}
          referenceLines={
            cap === null
              ? []
              : [
                  {
                    y: Number(cap),
                    label: t`Cap on enrichment`,
                    color: "red.6",
                    labelPosition: "insideBottomLeft",
                    ifOverflow: "extendDomain",
                  },
                ]
          }
        />
      </div>
    </div>
  );
}

function DayTable({ days }: { days: ReturnType<typeof daysInWords> }) {
  return (
    <Box component="details" mt="sm">
      <summary>
        <Text span size="sm">
          <Trans>Day by day</Trans>
        </Text>
      </summary>
      <WideTable minWidth={620} mt="xs">
        <Table aria-label={t`Spending by day`}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>
                <Trans>Day (UTC)</Trans>
              </Table.Th>
              <Table.Th ta="right">
                <Trans>Calls</Trans>
              </Table.Th>
              <Table.Th ta="right">
                <Trans>Connection months</Trans>
              </Table.Th>
              <Table.Th ta="right">
                <Trans>Calls to models</Trans>
              </Table.Th>
              <Table.Th ta="right">
                <Trans>Cost</Trans>
              </Table.Th>
              <Table.Th ta="right">
                <Trans>So far</Trans>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {days.map(({ day, soFar }) => (
              <Table.Tr key={day.day}>
                <Table.Td>{formatDay(day.day)}</Table.Td>
                <Table.Td data-label={t`Calls`} ta="right">
                  {formatCount(day.calls)}
                </Table.Td>
                <Table.Td data-label={t`Connection months`} ta="right">
                  {formatCount(day.connection_months)}
                </Table.Td>
                <Table.Td data-label={t`Calls to models`} ta="right">
                  {formatCount(day.llm_calls)}
                </Table.Td>
                <Table.Td data-label={t`Cost`} ta="right">
                  <RowsLink
                    rows={day.rows}
                    label={t`${{ cost: costInWords(day.cost) }} on ${{ day: formatDay(day.day) }}`}
                  >
                    {costInWords(day.cost)}
                  </RowsLink>
                </Table.Td>
                <Table.Td data-label={t`So far`} ta="right">
                  {soFar}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
    </Box>
  );
}
