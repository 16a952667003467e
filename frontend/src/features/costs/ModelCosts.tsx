import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Card, Table, Text, Title } from "@mantine/core";
import type { Costs } from "../../api/types";
import { TextLink } from "../../components/TextLink";
import { WideTable } from "../../components/WideTable";
import { costInWords } from "../../lib/costInWords";
import { formatCount } from "../../lib/formatCount";
import { formatMoney } from "../../lib/formatMoney";
import { RowsLink } from "./Figure";

/** The cost of enrichment per model, and what the cache saved. */
export function ModelCosts({ enrichment }: { enrichment: Costs["enrichment"] }) {
  const { models, saved } = enrichment;
  return (
    <Card component="section" aria-label={t`Enrichment by model`}>
      <Title order={2} size="h4">
        <Trans>Enrichment by model</Trans>
      </Title>
      <Text size="sm" mb="sm">
        <Saved saved={saved} />
      </Text>
      {models.length === 0 ? (
        <Text size="sm" c="dimmed">
          <Trans>
            No calls to models in these days. Rules, corrections, cached answers and the bank's categories are free.
            What they leave open is under{" "}
            <TextLink inherit underline="always" to="/enrichment">
              Enrichment
            </TextLink>
            .
          </Trans>
        </Text>
      ) : (
        <WideTable minWidth={680}>
          <Table aria-label={t`Models`}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>
                  <Trans>Model</Trans>
                </Table.Th>
                <Table.Th ta="right">
                  <Trans>Calls</Trans>
                </Table.Th>
                <Table.Th ta="right">
                  <Trans>Failed</Trans>
                </Table.Th>
                <Table.Th ta="right">
                  <Trans>Merchants</Trans>
                </Table.Th>
                <Table.Th ta="right">
                  <Trans>Tokens in</Trans>
                </Table.Th>
                <Table.Th ta="right">
                  <Trans>Cached</Trans>
                </Table.Th>
                <Table.Th ta="right">
                  <Trans>Tokens out</Trans>
                </Table.Th>
                <Table.Th ta="right">
                  <Trans>Cost</Trans>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {models.map((model) => (
                <Table.Tr key={model.model}>
                  <Table.Td>{model.model}</Table.Td>
                  {figuresOf(model).map(([column, figure, label, rows]) => (
                    <Table.Td key={column} data-label={column} ta="right">
                      <RowsLink rows={rows} label={label(figure)}>
                        {figure}
                      </RowsLink>
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </WideTable>
      )}
    </Card>
  );
}

/** A model's figures in column order, each with its name and the rows behind it. */
function figuresOf(
  costs: Costs["enrichment"]["models"][number],
): [column: string, figure: string, label: (figure: string) => string, rows: string][] {
  const { model, rows } = costs;
  return [
    [t`Calls`, formatCount(costs.calls), (calls) => t`${calls} calls to ${model}`, rows],
    [t`Failed`, formatCount(costs.failed), (calls) => t`${calls} failed calls to ${model}`, costs.failed_rows],
    [t`Merchants`, formatCount(costs.merchants), (merchants) => t`${merchants} merchants asked of ${model}`, rows],
    [t`Tokens in`, formatCount(costs.input_tokens), (tokens) => t`${tokens} tokens into ${model}`, rows],
    [t`Cached`, formatCount(costs.cached_tokens), (tokens) => t`${tokens} cached tokens of ${model}`, rows],
    [t`Tokens out`, formatCount(costs.output_tokens), (tokens) => t`${tokens} tokens out of ${model}`, rows],
    [t`Cost`, costInWords(costs.cost), (cost) => t`${cost} paid for ${model}`, rows],
  ];
}

function Saved({ saved }: { saved: Costs["enrichment"]["saved"] }) {
  if (saved.transactions === 0) return t`No row was answered from the cache.`;
  const worth =
    saved.amount === null || saved.currency === null
      ? t`the savings are unknown because no price is set`
      : t`calls for them would have cost about ${{ amount: formatMoney(saved.amount, saved.currency) }}`;
  return (
    <>
      <Trans>
        <RowsLink rows={saved.rows} isInText>
          <Plural value={{ transactions: saved.transactions }} one="# row" other="# rows" />
        </RowsLink>{" "}
        answered from the cache: {worth}.
      </Trans>
    </>
  );
}
