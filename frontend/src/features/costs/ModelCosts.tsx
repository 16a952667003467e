import { Card, Table, Text, Title } from "@mantine/core";
import type { Costs } from "../../api/types";
import { TextLink } from "../../components/TextLink";
import { costInWords } from "../../lib/costInWords";
import { counted, formatCount } from "../../lib/formatCount";
import { formatMoney } from "../../lib/formatMoney";
import { RowsLink } from "./Figure";

/** The cost of enrichment per model, and what the cache saved. */
export function ModelCosts({ enrichment }: { enrichment: Costs["enrichment"] }) {
  const { models, saved } = enrichment;
  return (
    <Card component="section" aria-label="Enrichment by model">
      <Title order={2} size="h4">
        Enrichment by model
      </Title>
      <Text size="sm" mb="sm">
        <Saved saved={saved} />
      </Text>
      {models.length === 0 ? (
        <Text size="sm" c="dimmed">
          No calls to models in these days. Rules, corrections, cached answers and the bank's categories are free. What
          they leave open is under{" "}
          <TextLink inherit underline="always" to="/enrichment">
            Enrichment
          </TextLink>
          .
        </Text>
      ) : (
        <Table.ScrollContainer minWidth={680}>
          <Table aria-label="Models">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Model</Table.Th>
                <Table.Th ta="right">Calls</Table.Th>
                <Table.Th ta="right">Failed</Table.Th>
                <Table.Th ta="right">Merchants</Table.Th>
                <Table.Th ta="right">Tokens in</Table.Th>
                <Table.Th ta="right">Cached</Table.Th>
                <Table.Th ta="right">Tokens out</Table.Th>
                <Table.Th ta="right">Cost</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {models.map((model) => (
                <Table.Tr key={model.model}>
                  <Table.Td>{model.model}</Table.Td>
                  {figuresOf(model).map(([figure, what, rows]) => (
                    <Table.Td key={what} ta="right">
                      <RowsLink rows={rows} label={`${figure} ${what} ${model.model}`}>
                        {figure}
                      </RowsLink>
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Card>
  );
}

/** A model's figures in column order, each with its name and the rows behind it. */
function figuresOf(model: Costs["enrichment"]["models"][number]): [figure: string, what: string, rows: string][] {
  return [
    [formatCount(model.calls), "calls to", model.rows],
    [formatCount(model.failed), "failed calls to", model.failed_rows],
    [formatCount(model.merchants), "merchants asked of", model.rows],
    [formatCount(model.input_tokens), "tokens into", model.rows],
    [formatCount(model.cached_tokens), "cached tokens of", model.rows],
    [formatCount(model.output_tokens), "tokens out of", model.rows],
    [costInWords(model.cost), "paid for", model.rows],
  ];
}

function Saved({ saved }: { saved: Costs["enrichment"]["saved"] }) {
  if (saved.transactions === 0) return "No row was answered from the cache.";
  const worth =
    saved.amount === null || saved.currency === null
      ? "the savings are unknown because no price is set"
      : `calls for them would have cost about ${formatMoney(saved.amount, saved.currency)}`;
  return (
    <>
      <RowsLink rows={saved.rows} isInText>
        {counted(saved.transactions, "row")}
      </RowsLink>{" "}
      answered from the cache: {worth}.
    </>
  );
}
