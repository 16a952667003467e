import type { MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Card, Table, Text, Title } from "@mantine/core";
import type { Costs } from "../../api/types";
import { BarChart } from "../../components/Chart";
import { TextLink } from "../../components/TextLink";
import { WideTable } from "../../components/WideTable";
import { costInWords } from "../../lib/costInWords";
import { formatCount } from "../../lib/formatCount";
import { formatDuration } from "../../lib/formatDuration";
import { RowsLink } from "./Figure";

const MOST_BARS = 12;
const HEADS: Record<Costs["group_by"], MessageDescriptor> = {
  import: msg`Import`,
  connection: msg`Bank`,
  month: msg`Month`,
};

const TITLES: Record<Costs["group_by"], MessageDescriptor> = {
  import: msg`Costs by import`,
  connection: msg`Costs by connection`,
  month: msg`Costs by month`,
};

/** The shares of imports, banks or months: as bars, and in a table whose figures open the rows behind them. */
export function CostGroups({ costs }: { costs: Costs }) {
  const bars = costs.groups
    .filter((group) => group.key !== null)
    .slice(0, MOST_BARS)
    .reverse()
    .map((group) => ({ label: group.label, planned: group.planned.api_calls, actual: group.actual.api_calls }));
  return (
    <Card component="section" aria-label={t(TITLES[costs.group_by])}>
      <Title order={2} size="h4" mb="sm">
        <Trans>Calls, actual and planned</Trans>
      </Title>
      {bars.length > 0 && (
        <div role="img" aria-label={t`Bars of planned and actual calls; the table below has the figures`}>
          <BarChart
            h={240}
            data={bars}
            dataKey="label"
            withLegend
            series={[
              { name: "planned", label: t`Planned`, color: "gray.5" },
              { name: "actual", label: t`Actual`, color: "indigo.6" },
            ]}
          />
        </div>
      )}
      <WideTable minWidth={720} mt="md">
        <Table aria-label={t`Costs`}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t(HEADS[costs.group_by])}</Table.Th>
              <Table.Th ta="right">
                <Trans>Calls</Trans>
              </Table.Th>
              <Table.Th ta="right">
                <Trans>Planned</Trans>
              </Table.Th>
              <Table.Th ta="right">
                <Trans>Rows</Trans>
              </Table.Th>
              <Table.Th ta="right">
                <Trans>Planned</Trans>
              </Table.Th>
              <Table.Th ta="right">
                <Trans>Time</Trans>
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
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {costs.groups.map((group) => (
              <GroupRow key={group.key ?? "none"} group={group} by={costs.group_by} />
            ))}
            {costs.rest && <RestRow rest={costs.rest} />}
          </Table.Tbody>
        </Table>
      </WideTable>
    </Card>
  );
}

function GroupRow({ group, by }: { group: Costs["groups"][number]; by: Costs["group_by"] }) {
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
            {by === "connection" ? t`on-demand enrichment` : t`for example, listing accounts`}
          </Text>
        )}
      </Table.Td>
      <ShareCells share={group} whose={group.label} />
    </Table.Tr>
  );
}

/** The sum of the groups that the table leaves out. */
function RestRow({ rest }: { rest: NonNullable<Costs["rest"]> }) {
  const label = t`${{ groups: formatCount(rest.groups) }} more`;
  return (
    <Table.Tr>
      <Table.Td>
        {label}
        <Text size="xs" c="dimmed">
          <Trans>choose fewer days to see them one by one</Trans>
        </Text>
      </Table.Td>
      <ShareCells share={rest} whose={label} />
    </Table.Tr>
  );
}

type Share = Omit<NonNullable<Costs["rest"]>, "groups">;

/** The figures of one or several groups, each with a link to its rows. */
function ShareCells({ share, whose }: { share: Share; whose: string }) {
  const { planned, actual, imports_rows } = share;
  const cells: [column: string, figure: string, label: (figure: string) => string, rows: string | null][] = [
    [t`Calls`, formatCount(share.calls), (calls) => t`${calls} calls of ${whose}`, share.calls_rows],
    [t`Calls planned`, formatCount(planned.api_calls), (calls) => t`${calls} planned calls of ${whose}`, imports_rows],
    [t`Rows`, formatCount(actual.transactions), (count) => t`${count} rows of ${whose}`, imports_rows],
    [t`Rows planned`, formatCount(planned.transactions), (count) => t`${count} planned rows of ${whose}`, imports_rows],
    [t`Time`, formatDuration(actual.duration_seconds), (time) => t`${time} of time of ${whose}`, imports_rows],
    [
      t`Connection months`,
      formatCount(share.connection_months),
      (months) => t`${months} connection months of ${whose}`,
      share.connection_months_rows,
    ],
    [
      t`Calls to models`,
      formatCount(share.llm_calls),
      (calls) => t`${calls} calls to models of ${whose}`,
      share.llm_calls_rows,
    ],
    [t`Cost`, costInWords(share.cost), (cost) => t`${cost} spent of ${whose}`, share.cost_rows],
  ];
  return cells.map(([column, figure, label, rows]) => (
    <Table.Td key={column} data-label={column} ta="right">
      {rows === null ? (
        "–"
      ) : (
        <RowsLink rows={rows} label={label(figure)}>
          {figure}
        </RowsLink>
      )}
    </Table.Td>
  ));
}
