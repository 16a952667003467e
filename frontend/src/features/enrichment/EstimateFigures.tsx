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
  const read = estimate.data;
  if (read === undefined) return <QueryState query={estimate} what="the estimate" lines={2} failed="Estimate failed" />;
  const isKnown = read.cost !== null && read.currency !== null;
  return (
    <Stack gap="sm" aria-live="polite" aria-busy={estimate.isPlaceholderData}>
      <QueryState query={estimate} what="the estimate" />
      <Figures
        figures={[
          ["Rows", formatCount(read.transactions)],
          ["Need no model", formatCount(read.without_model)],
          ["Merchants for the model", formatCount(read.merchants_to_ask)],
          ...(read.model === null
            ? []
            : ([
                ["Calls", formatCount(read.calls)],
                ["Tokens at most", formatCount(read.most_input_tokens + read.most_output_tokens)],
                [
                  "Costs at most",
                  isKnown ? formatMoney(read.cost ?? "", read.currency ?? "") : "unknown: no price set",
                ],
              ] as [string, string][])),
        ]}
      />
      {read.rows_read < read.transactions && (
        <Text size="sm" c="dimmed">
          Estimated from {formatCount(read.rows_read)} of the rows.
        </Text>
      )}
      {read.model !== null && (
        <Text size="sm" c="dimmed">
          Asks {read.model}. Each merchant is sent once, regardless of its number of rows.
        </Text>
      )}
      {read.fault !== null && (
        <Alert color="orange" role="status" title="The job would stop before its first call">
          {read.fault}
        </Alert>
      )}
      {usesModel && read.model === null && read.merchants_to_ask > 0 && (
        <Alert color="yellow" role="status" title="No model is set">
          {counted(read.merchants_to_ask, "merchant")} without another source stay without a category. An administrator
          can set BANKIMPORT_LLM_MODEL.
        </Alert>
      )}
      {read.transactions === 0 && <Text size="sm">There are no rows to enrich. Import some first.</Text>}
    </Stack>
  );
}
