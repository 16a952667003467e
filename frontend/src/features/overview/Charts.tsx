import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Card, SimpleGrid, Text, Title } from "@mantine/core";
import type { Overview } from "../../api/types";
import { BarChart } from "../../components/Chart";
import { costInWords } from "../../lib/costInWords";
import { formatDayOfYear, formatMonth } from "../../lib/dates";
import { formatCount } from "../../lib/formatCount";
import { formatMoney } from "../../lib/formatMoney";
import { labelled } from "../../lib/listed";

/** Rows that imports stored by day, and what each month cost. */
export function Charts({ overview }: { overview: Overview }) {
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }}>
      <RowsChart days={overview.days} />
      <SpendChart months={overview.months} />
    </SimpleGrid>
  );
}

function RowsChart({ days }: { days: Overview["days"] }) {
  const rows = days.reduce((sum, day) => sum + day.rows, 0);
  const imports = days.reduce((sum, day) => sum + day.imports, 0);
  const summary = t`${plural(rows, { one: "# new row", other: "# new rows" })} by ${plural(imports, { one: "# import", other: "# imports" })} in ${plural({ days: days.length }, { one: "# day", other: "# days" })}`;
  return (
    <Card component="section" aria-label={t`Rows by day`}>
      <Title order={2} size="h4">
        <Trans>New rows</Trans>
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {summary}
      </Text>
      <div role="img" aria-label={summary}>
        <BarChart
          h={200}
          data={days.map((day) => ({ day: formatDayOfYear(day.day), rows: day.rows }))}
          dataKey="day"
          series={[{ name: "rows", label: t`New rows`, color: "indigo.6" }]}
          valueFormatter={formatCount}
          tickLine="none"
          gridAxis="x"
          yAxisProps={{ width: 56, allowDecimals: false }}
          barProps={{ isAnimationActive: false }}
        />
      </div>
    </Card>
  );
}

function SpendChart({ months }: { months: Overview["months"] }) {
  const currencies = [...new Set(months.flatMap((month) => month.cost.amounts.map((money) => money.currency)))].sort();
  const [only] = currencies.length === 1 ? currencies : [];
  const newest = months.at(-1);
  const isPriced = currencies.length > 0;
  const summary = isPriced
    ? newest
      ? t`${{ cost: costInWords(newest.cost) }} this month`
      : t`Nothing this month`
    : t`${plural({ calls: newest?.calls ?? 0 }, { one: "# call", other: "# calls" })} to banks this month; a price is not set`;
  return (
    <Card component="section" aria-label={t`Costs by month`}>
      <Title order={2} size="h4">
        {isPriced ? t`Costs by month` : t`Calls by month`}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {summary}
      </Text>
      <div
        role="img"
        aria-label={labelled(plural({ months: months.length }, { one: "# month", other: "# months" }), summary)}
      >
        <BarChart
          h={200}
          data={months.map((month) => ({
            month: formatMonth(month.month, "short"),
            calls: month.calls,
            ...Object.fromEntries(month.cost.amounts.map((money) => [money.currency, Number(money.amount)])),
          }))}
          dataKey="month"
          type="stacked"
          series={(isPriced ? currencies : ["calls"]).map((currency, index) => ({
            name: currency,
            color: ["teal.6", "grape.6", "orange.6"][index % 3] ?? "teal.6",
          }))}
          valueFormatter={(value) => (only === undefined ? formatCount(value) : formatMoney(String(value), only))}
          tickLine="none"
          gridAxis="x"
          yAxisProps={{ width: 72 }}
          barProps={{ isAnimationActive: false }}
        />
      </div>
    </Card>
  );
}
