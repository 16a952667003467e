import { Card, Code, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { costQueries } from "../../api/costs";
import { PageHeader } from "../../components/PageHeader";
import { QueryState } from "../../components/QueryState";
import { TextLink } from "../../components/TextLink";
import { formatMoney } from "../../lib/formatMoney";

type Money = { amount: string; currency: string };

/** The prices and caps in force, and which setting changes each. */
export function PricesPage() {
  const costs = useQuery(costQueries.summary({}));
  const prices = costs.data?.prices;
  const cap = costs.data?.month.cap;
  return (
    <>
      <PageHeader title="Prices and caps">
        What things cost here, and how much enrichment may spend. They apply to all users of this installation.
      </PageHeader>
      <QueryState query={costs} what="prices" />
      {prices && (
        <Stack>
          <Card component="section" aria-label="Prices and caps">
            <Table.ScrollContainer minWidth={300}>
              <Table aria-label="Prices and caps">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>What</Table.Th>
                    <Table.Th>In force</Table.Th>
                    <Table.Th visibleFrom="sm">Setting</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {[
                    [
                      "A bank that is read in a month",
                      said(prices.connection_month, "unknown"),
                      "PRICE_CONNECTION_MONTH",
                    ],
                    ["A call to a bank", said(prices.call, "free"), "PRICE_CALL"],
                    ["Most for enrichment in a month", said(cap ?? null, "no cap"), "LLM_MONTHLY_CAP"],
                  ].map(([what, value, setting]) => (
                    <Table.Tr key={setting}>
                      <Table.Td>{what}</Table.Td>
                      <Table.Td>{value}</Table.Td>
                      <Table.Td visibleFrom="sm">
                        <Code>BANKIMPORT_{setting}</Code>
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          </Card>
          <Text size="sm" c="dimmed">
            These are settings of the installation, for example “0.35 GBP”, and apply after a restart. What was spent is
            under{" "}
            <TextLink inherit underline="always" to="/costs">
              Costs
            </TextLink>
            .
          </Text>
        </Stack>
      )}
    </>
  );
}

function said(money: Money | null, otherwise: string): string {
  return money === null ? otherwise : formatMoney(money.amount, money.currency);
}
