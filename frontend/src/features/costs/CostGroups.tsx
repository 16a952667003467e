import { BarChart } from "@mantine/charts";
import { Card, Table, Text, Title } from "@mantine/core";
import type { Costs } from "../../api/types";
import { formatCount } from "../../lib/formatCount";
import { formatDuration } from "../../lib/formatDuration";
import { TextLink } from "../../components/TextLink";
import { costInWords } from "./costInWords";
import { RowsLink } from "./Figure";

const MOST_BARS = 12;
const HEADS: Record<Costs["group_by"], string> = { import: "Import", connection: "Bank", month: "Month" };

/** The shares of imports, banks or months: as bars, and in a table whose figures open the rows behind them. */
export function CostGroups({ costs }: { costs: Costs }) {
  const bars = costs.groups
    .filter((group) => group.key !== null)
    .slice(0, MOST_BARS)
    .reverse()
    .map((group) => ({ label: group.label, Planned: group.planned.api_calls, Actual: group.actual.api_calls }));
  return (
    <Card component="section" aria-label={`Costs by ${costs.group_by}`}>
      <Title order={2} size="h4" mb="sm">
        Calls against the plan
      </Title>
      {bars.length > 0 && (
        <div role="img" aria-label="Bars of planned and actual calls; the table below has the figures">
          <BarChart
            h={240}
            data={bars}
            dataKey="label"
            withLegend
            series={[
              { name: "Planned", color: "gray.5" },
              { name: "Actual", color: "indigo.6" },
            ]}
          />
        </div>
      )}
      <Table.ScrollContainer minWidth={720} mt="md">
        <Table aria-label="Costs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{HEADS[costs.group_by]}</Table.Th>
              <Table.Th ta="right">Calls</Table.Th>
              <Table.Th ta="right">Planned</Table.Th>
              <Table.Th ta="right">Rows</Table.Th>
              <Table.Th ta="right">Planned</Table.Th>
              <Table.Th ta="right">Time</Table.Th>
              <Table.Th ta="right">Connection months</Table.Th>
              <Table.Th ta="right">Calls to models</Table.Th>
              <Table.Th ta="right">Cost</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {costs.groups.map((group) => (
              <GroupRow key={group.key ?? "none"} group={group} by={costs.group_by} />
            ))}
            {costs.rest && <RestRow rest={costs.rest} />}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Card>
  );
}

function GroupRow({ group, by }: { group: Costs["groups"][number]; by: Costs["group_by"] }) {
  const months = monthsOf(group);
  return (
    <Table.Tr>
      <Table.Td>
        {by === "import" && group.key !== null ? (
          <TextLink inherit to="/imports/$jobId" params={{ jobId: group.key }}>
            {group.label}
          </TextLink>
        ) : (
          group.label
        )}
        {group.key === null && (
          <Text size="xs" c="dimmed">
            {by === "connection" ? "enrichment on demand" : "such as listing accounts"}
          </Text>
        )}
      </Table.Td>
      <Table.Td ta="right">
        <RowsLink rows={group.calls_rows} label={`${formatCount(group.calls)} calls of ${group.label}`}>
          {formatCount(group.calls)}
        </RowsLink>
      </Table.Td>
      <Table.Td ta="right">{group.imports === 0 ? "–" : formatCount(group.planned.api_calls)}</Table.Td>
      <Table.Td ta="right">
        {group.imports_rows === null ? (
          "–"
        ) : (
          <RowsLink rows={group.imports_rows} label={`${formatCount(group.actual.transactions)} rows of ${group.label}`}>
            {formatCount(group.actual.transactions)}
          </RowsLink>
        )}
      </Table.Td>
      <Table.Td ta="right">{group.imports === 0 ? "–" : formatCount(group.planned.transactions)}</Table.Td>
      <Table.Td ta="right">{group.imports === 0 ? "–" : formatDuration(group.actual.duration_seconds)}</Table.Td>
      <Table.Td ta="right">
        <RowsLink rows={group.connection_months_rows} label={`${formatCount(months)} connection months of ${group.label}`}>
          {formatCount(months)}
        </RowsLink>
      </Table.Td>
      <Table.Td ta="right">
        <RowsLink rows={group.llm_calls_rows} label={`${formatCount(group.llm_calls)} calls to models of ${group.label}`}>
          {formatCount(group.llm_calls)}
        </RowsLink>
      </Table.Td>
      <Table.Td ta="right">{costInWords(group.cost)}</Table.Td>
    </Table.Tr>
  );
}

/** What is too much for the table, together. */
function RestRow({ rest }: { rest: NonNullable<Costs["rest"]> }) {
  return (
    <Table.Tr>
      <Table.Td>
        {formatCount(rest.groups)} more
        <Text size="xs" c="dimmed">
          choose fewer days to see each
        </Text>
      </Table.Td>
      <Table.Td ta="right">{formatCount(rest.calls)}</Table.Td>
      <Table.Td ta="right">{formatCount(rest.planned.api_calls)}</Table.Td>
      <Table.Td ta="right">{formatCount(rest.actual.transactions)}</Table.Td>
      <Table.Td ta="right">{formatCount(rest.planned.transactions)}</Table.Td>
      <Table.Td ta="right">{formatDuration(rest.actual.duration_seconds)}</Table.Td>
      <Table.Td ta="right">{formatCount(monthsOf(rest))}</Table.Td>
      <Table.Td ta="right">{formatCount(rest.llm_calls)}</Table.Td>
      <Table.Td ta="right">{costInWords(rest.cost)}</Table.Td>
    </Table.Tr>
  );
}

function monthsOf({ cost }: Pick<Costs["groups"][number], "cost">): number {
  return cost.parts.find((part) => part.what === "connection_month")?.quantity ?? 0;
}
