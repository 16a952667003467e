import type { MessageDescriptor } from "@lingui/core";
import { msg, ph, plural, t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Alert, Button, Group, SegmentedControl, SimpleGrid, Stack } from "@mantine/core";
import { IconInfoCircle, IconReportMoney } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { costQueries } from "../../api/costs";
import type { Costs } from "../../api/types";
import { DayField } from "../../components/DayField";
import { EmptyState } from "../../components/EmptyState";
import { PageHeader } from "../../components/PageHeader";
import { QueryState } from "../../components/QueryState";
import { costInWords } from "../../lib/costInWords";
import { daysAgo } from "../../lib/dates";
import { formatCount } from "../../lib/formatCount";
import { formatDuration } from "../../lib/formatDuration";
import { formatMoney } from "../../lib/formatMoney";
import { CostGroups } from "./CostGroups";
import { type CostsQuery, GROUPS, type GroupBy } from "./costsSearch";
import { EstimateTable } from "./EstimateTable";
import { Figure, RowsLink } from "./Figure";
import { ModelCosts } from "./ModelCosts";
import { MonthChart } from "./MonthChart";
import { MonthFigure } from "./MonthFigure";

type Props = { query: CostsQuery; onQuery: (query: CostsQuery) => void };

const LABELS: Record<GroupBy, MessageDescriptor> = {
  import: msg`By import`,
  connection: msg`By bank`,
  month: msg`By month`,
};

/** The cost of imports: planned against actual, by import, bank or month, with the rows behind every figure. */
export function CostsPage({ query, onQuery }: Props) {
  const costs = useQuery(costQueries.summary(query));
  return (
    <>
      <PageHeader title={t`Costs`}>
        <Trans>Calls, rows, time and money: planned and actual.</Trans>
      </PageHeader>
      <QueryState query={costs} what={t`costs`} />
      {costs.data && (
        <Stack gap="lg" aria-busy={costs.isPlaceholderData}>
          <Range costs={costs.data} query={query} onQuery={onQuery} />
          {costs.data.prices.connection_month === null && (
            <Alert color="yellow" icon={<IconInfoCircle aria-hidden />} title={t`No price is set`} role="status">
              <Trans>
                TrueLayer charges for each connection that you read in a month. Set BANKIMPORT_PRICE_CONNECTION_MONTH to
                what you pay, for example “0.35 GBP”; until then, sums are shown as unknown.
              </Trans>
            </Alert>
          )}
          <Figures costs={costs.data} />
          <MonthChart month={costs.data.month} />
          {costs.data.groups.length === 0 ? (
            <EmptyState
              title={t`No costs in these days`}
              icon={IconReportMoney}
              action={
                <Button component={Link} to="/imports">
                  <Trans>Start an import</Trans>
                </Button>
              }
            />
          ) : (
            <CostGroups costs={costs.data} />
          )}
          <ModelCosts enrichment={costs.data.enrichment} />
          <EstimateTable estimates={costs.data.estimates} />
        </Stack>
      )}
    </>
  );
}

function Range({ costs, query, onQuery }: Props & { costs: Costs }) {
  const by = query.group_by ?? "import";
  return (
    <Group align="flex-end" justify="space-between">
      <Group align="flex-end" gap="sm">
        <DayField
          label={t`From`}
          isOptional={false}
          value={costs.date_range.from}
          max={costs.date_range.to}
          onChange={(from) => from && onQuery({ ...query, from, to: costs.date_range.to })}
        />
        <DayField
          label={t`To`}
          isOptional={false}
          value={costs.date_range.to}
          min={costs.date_range.from}
          onChange={(to) => to && onQuery({ ...query, from: costs.date_range.from, to })}
        />
        <Button variant="default" onClick={() => onQuery({ group_by: by })}>
          <Trans>This month</Trans>
        </Button>
        <Button variant="default" onClick={() => onQuery({ from: yearStart(), to: daysAgo(0), group_by: by })}>
          <Trans>This year</Trans>
        </Button>
      </Group>
      <SegmentedControl
        aria-label={t`Split by`}
        data={GROUPS.map((value) => ({ value, label: t(LABELS[value]) }))}
        value={by}
        onChange={(group) => onQuery({ ...query, group_by: group })}
      />
    </Group>
  );
}

function Figures({ costs }: { costs: Costs }) {
  const { planned, actual, rows } = costs.imports;
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, lg: 3 }}>
      <Figure
        label={t`Spent`}
        value={costInWords(costs.cost)}
        hint={
          <Stack gap={0}>
            {costs.cost.parts.map((part) => (
              <span key={`${part.what} ${part.currency ?? ""}`}>
                <Trans>
                  <RowsLink rows={part.rows} isInText>
                    {ph({ quantity: quantityInWords(part) })}
                  </RowsLink>
                  : {ph({ cost: partCost(part) })}
                </Trans>
              </span>
            ))}
          </Stack>
        }
        rows={costs.cost.rows}
      />
      <Figure
        label={t`Calls to banks`}
        value={formatCount(costs.calls.total)}
        hint={
          <RowsLink rows={costs.calls.outside_imports_rows} isInText>
            <Trans>{ph({ outsideImports: formatCount(costs.calls.outside_imports) })} of these outside imports</Trans>
          </RowsLink>
        }
        rows={costs.calls.rows}
      />
      <Figure
        label={t`Import calls, actual and planned`}
        value={plural({ apiCalls: actual.api_calls }, { one: "# call", other: "# calls" })}
        hint={
          <>
            <Trans>
              {ph({ apiCalls: besidePlan(actual.api_calls, planned.api_calls, formatCount) })}, in{" "}
              <RowsLink rows={rows} isInText>
                <Plural value={{ count: costs.imports.count }} one="# import" other="# imports" />
              </RowsLink>
            </Trans>
          </>
        }
        rows={rows}
      />
      <Figure
        label={t`Rows, actual and planned`}
        value={plural({ transactions: actual.transactions }, { one: "# row", other: "# rows" })}
        hint={
          <>
            <Trans>
              {ph({ rows: besidePlan(actual.transactions, planned.transactions, formatCount) })};{" "}
              <RowsLink rows={rows} isInText>
                {ph({ imported: formatCount(actual.imported) })} of them new
              </RowsLink>
            </Trans>
          </>
        }
        rows={rows}
      />
      <Figure
        label={t`Time, actual and planned`}
        value={formatDuration(actual.duration_seconds)}
        hint={t`${{ durationSeconds: besidePlan(actual.duration_seconds, planned.duration_seconds, formatDuration) }}; from start to end, with waits`}
        rows={rows}
      />
      <MonthFigure month={costs.month} />
    </SimpleGrid>
  );
}

/** How an actual figure compares with the planned one, such as “36 more than the 363 planned”. */
function besidePlan(actual: number, planned: number, format: (value: number) => string): string {
  if (planned === 0) return t`nothing was planned`;
  const off = Math.abs(actual - planned);
  if (format(actual) === format(planned)) return t`as planned`;
  return actual > planned
    ? t`${{ off: format(off) }} more than the ${{ planned: format(planned) }} planned`
    : t`${{ off: format(off) }} less than the ${{ planned: format(planned) }} planned`;
}

function partCost({ amount, currency }: Costs["cost"]["parts"][number]): string {
  if (amount === null) return t`unknown`;
  return currency === null ? t`free` : formatMoney(amount, currency);
}

function quantityInWords({ what, quantity }: Costs["cost"]["parts"][number]): string {
  switch (what) {
    case "connection_month":
      return plural(quantity, { one: "# connection month", other: "# connection months" });
    case "calls":
      return plural(quantity, { one: "# call to banks", other: "# calls to banks" });
    case "enrichment":
      return plural(quantity, { one: "# call to models", other: "# calls to models" });
  }
}

function yearStart(): string {
  return `${daysAgo(0).slice(0, 4)}-01-01`;
}
