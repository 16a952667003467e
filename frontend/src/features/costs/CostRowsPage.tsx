import type { MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Text } from "@mantine/core";
import { PageHeader } from "../../components/PageHeader";
import { TextLink } from "../../components/TextLink";
import { formatDay } from "../../lib/dates";
import { listed } from "../../lib/listed";
import { CallTable } from "./CallTable";
import { ChargeTable } from "./ChargeTable";
import { ConnectionMonthTable } from "./ConnectionMonthTable";
import type { Rows, RowsQuery } from "./costsSearch";
import { EnrichmentTable } from "./EnrichmentTable";
import { ImportTable } from "./ImportTable";
import { LlmCallTable } from "./LlmCallTable";

type Props = { what: Rows; query: RowsQuery };

const TITLES: Record<Rows, MessageDescriptor> = {
  charges: msg`All charges`,
  calls: msg`Calls to banks`,
  imports: msg`Imports, planned and actual`,
  "connection-months": msg`Connection months`,
  "llm-calls": msg`Calls to models`,
  enrichments: msg`Enrichments with cached answers`,
};

/** The rows behind a figure of the cost page. */
export function CostRowsPage({ what, query }: Props) {
  return (
    <>
      <TextLink
        size="sm"
        to="/costs"
        search={{ ...(query.from ? { from: query.from } : {}), ...(query.to ? { to: query.to } : {}) }}
      >
        <Trans>← Costs</Trans>
      </TextLink>
      <PageHeader title={t(TITLES[what])}>
        <Text span inherit>
          {inWords(query)}
        </Text>
      </PageHeader>
      {what === "charges" && <ChargeTable query={query} />}
      {what === "calls" && <CallTable query={query} />}
      {what === "imports" && <ImportTable query={query} />}
      {what === "connection-months" && <ConnectionMonthTable query={query} />}
      {what === "llm-calls" && <LlmCallTable query={query} />}
      {what === "enrichments" && <EnrichmentTable query={query} />}
    </>
  );
}

function inWords(query: RowsQuery): string {
  const { from, to, connection_id, job_id, model, currency } = query;
  const parts = [];
  if (from && to) parts.push(t`${{ from: formatDay(from) }} to ${{ to: formatDay(to) }}`);
  if (connection_id !== undefined) {
    parts.push(connection_id === "0" ? t`without a bank` : t`connection ${{ connectionId: connection_id }}`);
  }
  if (job_id !== undefined) parts.push(job_id === "0" ? t`without an import` : t`import ${{ jobId: job_id }}`);
  if (query.connection_below !== undefined)
    parts.push(t`connections before ${{ connectionBelow: query.connection_below }}`);
  if (query.job_below !== undefined) parts.push(t`imports before ${{ jobBelow: query.job_below }}`);
  if (query.completed) parts.push(t`that succeeded`);
  if (query.failed) parts.push(t`without a usable answer`);
  if (model !== undefined) parts.push(model);
  if (currency !== undefined) parts.push(currency === "unknown" ? t`with an unknown price` : t`paid in ${currency}`);
  return listed(parts) || t`this month`;
}
