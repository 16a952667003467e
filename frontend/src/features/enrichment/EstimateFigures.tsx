import { Alert, Stack, Text } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { components } from "../../api/schema.gen";
import { Figures } from "../../components/Figures";
import { QueryState } from "../../components/QueryState";
import { counted, formatCount } from "../../lib/formatCount";
import { formatMoney } from "../../lib/formatMoney";

type Estimate = components["schemas"]["bankimport__enrichment__schemas__EstimateRead"];
type Props = { estimate: UseQueryResult<Estimate>; usesModel: boolean };

/** The present estimate: rows, calls and their maximum cost. */
export function EstimateFigures({ estimate, usesModel }: Props) {
  const told = estimate.data;
  if (told === undefined) return <QueryState query={estimate} what="the estimate" lines={2} failed="Estimate failed" />;
  const isKnown = told.cost !== null && told.currency !== null;
  return (
    <Stack gap="sm" aria-live="polite" aria-busy={estimate.isPlaceholderData}>
      <QueryState query={estimate} what="the estimate" />
      <Figures
        figures={[
          ["Rows", formatCount(told.transactions)],
          ["Need no model", formatCount(told.without_model)],
          ["Merchants for the model", formatCount(told.merchants_to_ask)],
          ...(told.model === null
            ? []
            : ([
                ["Calls", formatCount(told.calls)],
                ["Tokens at most", formatCount(told.most_input_tokens + told.most_output_tokens)],
                [
                  "Costs at most",
                  isKnown ? formatMoney(told.cost ?? "", told.currency ?? "") : "unknown: no price set",
                ],
              ] as [string, string][])),
        ]}
      />
      {told.rows_read < told.transactions && (
        <Text size="sm" c="dimmed">
          Estimated from {formatCount(told.rows_read)} of the rows.
        </Text>
      )}
      {told.model !== null && (
        <Text size="sm" c="dimmed">
          Asks {told.model}. Each merchant is sent once, regardless of its number of rows.
        </Text>
      )}
      {told.fault !== null && (
        <Alert color="orange" role="status" title="The job would stop before its first call">
          {told.fault}
        </Alert>
      )}
      {usesModel && told.model === null && (
        <Alert color="yellow" role="status" title="No model is set">
          {counted(told.merchants_to_ask, "merchant")} without another source stay without a category. An administrator
          can set BANKIMPORT_LLM_MODEL.
        </Alert>
      )}
      {told.transactions === 0 && <Text size="sm">There are no rows to enrich. Import some first.</Text>}
    </Stack>
  );
}
