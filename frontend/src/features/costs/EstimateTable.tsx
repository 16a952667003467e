import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Card, Table, Text, Title } from "@mantine/core";
import type { Costs } from "../../api/types";
import { WideTable } from "../../components/WideTable";
import { formatCount, formatDecimal } from "../../lib/formatCount";
import { RowsLink } from "./Figure";

/** How far estimates were off per bank, and whether they already learn from past imports. */
export function EstimateTable({ estimates }: { estimates: Costs["estimates"] }) {
  const told = estimates.filter((estimate) => estimate.imports > 0);
  if (told.length === 0) return null;
  return (
    <Card component="section" aria-label={t`Estimate accuracy`}>
      <Title order={2} size="h4">
        <Trans>Estimate accuracy</Trans>
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        <Trans>Average error of the plans of the last 180 days.</Trans>
      </Text>
      <WideTable minWidth={520}>
        <Table aria-label={t`Estimates`}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>
                <Trans>Bank</Trans>
              </Table.Th>
              <Table.Th ta="right">
                <Trans>Imports</Trans>
              </Table.Th>
              <Table.Th ta="right">
                <Trans>Calls</Trans>
              </Table.Th>
              <Table.Th ta="right">
                <Trans>Rows</Trans>
              </Table.Th>
              <Table.Th ta="right">
                <Trans>Time</Trans>
              </Table.Th>
              <Table.Th>
                <Trans>Learning</Trans>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {told.map((estimate) => (
              <Table.Tr key={estimate.bank_id}>
                <Table.Td>{estimate.bank}</Table.Td>
                {figuresOf(estimate).map(([column, figure, label]) => (
                  <Table.Td key={column} data-label={column} ta="right">
                    <RowsLink rows={estimate.rows} label={label}>
                      {figure}
                    </RowsLink>
                  </Table.Td>
                ))}
                <Table.Td data-label={t`Learning`}>
                  {estimate.learns_from === 0
                    ? t`not yet: needs three imports`
                    : t`from ${plural({ learnsFrom: estimate.learns_from }, { one: "# import", other: "# imports" })}`}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
    </Card>
  );
}

function figuresOf(estimate: Costs["estimates"][number]): [column: string, figure: string, label: string][] {
  const { bank } = estimate;
  const imports = formatCount(estimate.imports);
  const calls = percent(estimate.calls_off_percent);
  const rows = percent(estimate.transactions_off_percent);
  const time = percent(estimate.duration_off_percent);
  return [
    [t`Imports`, imports, t`${imports} imports of ${bank}`],
    [t`Calls`, calls, t`${calls} off in calls of ${bank}`],
    [t`Rows`, rows, t`${rows} off in rows of ${bank}`],
    [t`Time`, time, t`${time} off in time of ${bank}`],
  ];
}

function percent(off: number | null): string {
  return off === null ? t`unknown` : `${formatDecimal(off, 1)} %`;
}
