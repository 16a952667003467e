import { ph, t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Alert, Stack, Text } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { components } from "../../api/schema.gen";
import { Figures } from "../../components/Figures";
import { QueryState } from "../../components/QueryState";
import { formatCount } from "../../lib/formatCount";
import { formatMoney } from "../../lib/formatMoney";

type Estimate = components["schemas"]["bankimport__enrichment__schemas__EstimateRead"];
type Props = { estimate: UseQueryResult<Estimate>; usesModel: boolean };

/** The present estimate: rows, calls and their maximum cost. */
export function EstimateFigures({ estimate, usesModel }: Props) {
  const read = estimate.data;
  if (read === undefined)
    return <QueryState query={estimate} what={t`the estimate`} lines={2} failed={t`Estimate failed`} />;
  const isKnown = read.cost !== null && read.currency !== null;
  return (
    <Stack gap="sm" aria-live="polite" aria-busy={estimate.isPlaceholderData}>
      <QueryState query={estimate} what={t`the estimate`} />
      <Figures
        figures={[
          [t`Rows`, formatCount(read.transactions)],
          [t`Need no model`, formatCount(read.without_model)],
          [t`Merchants for the model`, formatCount(read.merchants_to_ask)],
          ...(read.model === null
            ? []
            : ([
                [t`Calls`, formatCount(read.calls)],
                [t`Tokens at most`, formatCount(read.most_input_tokens + read.most_output_tokens)],
                [
                  t`Costs at most`,
                  isKnown ? formatMoney(read.cost ?? "", read.currency ?? "") : t`unknown: no price set`,
                ],
              ] as [string, string][])),
        ]}
      />
      {read.rows_read < read.transactions && (
        <Text size="sm" c="dimmed">
          <Trans>Estimated from {ph({ rowsRead: formatCount(read.rows_read) })} of the rows.</Trans>
        </Text>
      )}
      {read.model !== null && (
        <Text size="sm" c="dimmed">
          <Trans>Asks {ph({ model: read.model })}. Each merchant is sent once, regardless of its number of rows.</Trans>
        </Text>
      )}
      {read.fault !== null && (
        <Alert color="orange" role="status" title={t`The job would stop before its first call`}>
          {read.fault}
        </Alert>
      )}
      {usesModel && read.model === null && read.merchants_to_ask > 0 && (
        <Alert color="yellow" role="status" title={t`No model is set`}>
          <Trans>
            <Plural value={{ merchantsToAsk: read.merchants_to_ask }} one="# merchant" other="# merchants" /> without
            another source stay without a category. An administrator can set BANKIMPORT_LLM_MODEL.
          </Trans>
        </Alert>
      )}
      {read.transactions === 0 && (
        <Text size="sm">
          <Trans>There are no rows to enrich. Import some first.</Trans>
        </Text>
      )}
    </Stack>
  );
}
