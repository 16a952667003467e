import { Text } from "@mantine/core";
import { PageHeader } from "../../components/PageHeader";
import { TextLink } from "../../components/TextLink";
import { formatDay } from "../../lib/dates";
import { CallTable } from "./CallTable";
import { ChargeTable } from "./ChargeTable";
import { ConnectionMonthTable } from "./ConnectionMonthTable";
import type { Rows, RowsQuery } from "./costsSearch";
import { EnrichmentTable } from "./EnrichmentTable";
import { ImportTable } from "./ImportTable";
import { LlmCallTable } from "./LlmCallTable";

type Props = { what: Rows; query: RowsQuery };

const TITLES: Record<Rows, string> = {
  charges: "All charges",
  calls: "Calls to banks",
  imports: "Imports, planned and actual",
  "connection-months": "Connection months",
  "llm-calls": "Calls to models",
  enrichments: "Enrichments with cached answers",
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
        ← Costs
      </TextLink>
      <PageHeader title={TITLES[what]}>
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
  if (from && to) parts.push(`${formatDay(from)} to ${formatDay(to)}`);
  if (connection_id !== undefined) {
    parts.push(connection_id === "0" ? "without a bank" : `connection ${connection_id}`);
  }
  if (job_id !== undefined) parts.push(job_id === "0" ? "without an import" : `import ${job_id}`);
  if (query.connection_below !== undefined) parts.push(`connections before ${query.connection_below}`);
  if (query.job_below !== undefined) parts.push(`imports before ${query.job_below}`);
  if (query.completed) parts.push("that succeeded");
  if (query.failed) parts.push("without a usable answer");
  if (model !== undefined) parts.push(model);
  if (currency !== undefined) parts.push(currency === "unknown" ? "with an unknown price" : `paid in ${currency}`);
  return parts.join(", ") || "this month";
}
