import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
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
      <PageHeader title={t`Prices and caps`}>
        <Trans>
          What things cost here, and how much enrichment may spend. They apply to all users of this installation.
        </Trans>
      </PageHeader>
      <QueryState query={costs} what={t`prices`} />
      {prices && (
        <Stack>
          <Card component="section" aria-label={t`Prices and caps`}>
            <Table.ScrollContainer minWidth={300}>
              <Table aria-label={t`Prices and caps`}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>
                      <Trans>What</Trans>
                    </Table.Th>
                    <Table.Th>
                      <Trans>In force</Trans>
                    </Table.Th>
                    <Table.Th visibleFrom="sm">
                      <Trans>Setting</Trans>
                    </Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {[
                    [
                      t`A bank that is read in a month`,
                      said(prices.connection_month, t`unknown`),
                      "PRICE_CONNECTION_MONTH",
                    ],
                    [t`A call to a bank`, said(prices.call, t`free`), "PRICE_CALL"],
                    [t`Most for enrichment in a month`, said(cap ?? null, t`no cap`), "LLM_MONTHLY_CAP"],
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
            <Trans>
              These are settings of the installation, for example “0.35 GBP”, and apply after a restart. What was spent
              is under{" "}
              <TextLink inherit underline="always" to="/costs">
                Costs
              </TextLink>
              .
            </Trans>
          </Text>
        </Stack>
      )}
    </>
  );
}

function said(money: Money | null, otherwise: string): string {
  return money === null ? otherwise : formatMoney(money.amount, money.currency);
}
