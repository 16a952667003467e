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
                  {figuresOf(model).map(([column, figure, what, rows]) => (
                    <Table.Td key={column} data-label={column} ta="right">
                      <RowsLink rows={rows} label={`${figure} ${what} ${model.model}`}>
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
  model: Costs["enrichment"]["models"][number],
): [column: string, figure: string, what: string, rows: string][] {
  return [
    [t`Calls`, formatCount(model.calls), t`calls to`, model.rows],
    [t`Failed`, formatCount(model.failed), t`failed calls to`, model.failed_rows],
    [t`Merchants`, formatCount(model.merchants), t`merchants asked of`, model.rows],
    [t`Tokens in`, formatCount(model.input_tokens), t`tokens into`, model.rows],
    [t`Cached`, formatCount(model.cached_tokens), t`cached tokens of`, model.rows],
    [t`Tokens out`, formatCount(model.output_tokens), t`tokens out of`, model.rows],
    [t`Cost`, costInWords(model.cost), t`paid for`, model.rows],
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
