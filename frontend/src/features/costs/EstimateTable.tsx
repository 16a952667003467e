import { Card, Table, Text, Title } from "@mantine/core";
import type { Costs } from "../../api/types";
import { counted, formatCount, formatDecimal } from "../../lib/formatCount";
import { RowsLink } from "./Figure";

/** How far estimates were off per bank, and whether they already learn from past imports. */
export function EstimateTable({ estimates }: { estimates: Costs["estimates"] }) {
  const told = estimates.filter((estimate) => estimate.imports > 0);
  if (told.length === 0) return null;
  return (
    <Card component="section" aria-label="Estimate accuracy">
      <Title order={2} size="h4">
        Estimate accuracy
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        Average error of the plans of the last 180 days.
      </Text>
      <Table.ScrollContainer minWidth={520}>
        <Table aria-label="Estimates">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Bank</Table.Th>
              <Table.Th ta="right">Imports</Table.Th>
              <Table.Th ta="right">Calls</Table.Th>
              <Table.Th ta="right">Rows</Table.Th>
              <Table.Th ta="right">Time</Table.Th>
              <Table.Th>Learning</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {told.map((estimate) => (
              <Table.Tr key={estimate.bank_id}>
                <Table.Td>{estimate.bank}</Table.Td>
                {figuresOf(estimate).map(([figure, what]) => (
                  <Table.Td key={what} ta="right">
                    <RowsLink rows={estimate.rows} label={`${figure} ${what} of ${estimate.bank}`}>
                      {figure}
                    </RowsLink>
                  </Table.Td>
                ))}
                <Table.Td>
                  {estimate.learns_from === 0
                    ? "not yet: needs three imports"
                    : `from ${counted(estimate.learns_from, "import")}`}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Card>
  );
}

function figuresOf(estimate: Costs["estimates"][number]): [figure: string, what: string][] {
  return [
    [formatCount(estimate.imports), "imports"],
    [percent(estimate.calls_off_percent), "off in calls"],
    [percent(estimate.transactions_off_percent), "off in rows"],
    [percent(estimate.duration_off_percent), "off in time"],
  ];
}

function percent(off: number | null): string {
  return off === null ? "unknown" : `${formatDecimal(off, 1)} %`;
}
