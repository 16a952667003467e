import { ph, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Code, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { components } from "../../api/schema.gen";
import { transactionQueries } from "../../api/transactions";
import type { Transaction } from "../../api/types";
import { Listed } from "../../components/Listed";
import { QueryState } from "../../components/QueryState";
import { TextLink } from "../../components/TextLink";
import { When } from "../../components/When";
import { conditionWords } from "../../lib/ruleWords";
import { sourceWords } from "../../lib/sourceWords";

type FieldOrigin = components["schemas"]["FieldOrigin"];

/** The source of a row's merchant and category: rule or model, confidence and time; with a link to create a rule. */
export function CameFrom({ row }: { row: Transaction }) {
  const origin = useQuery(transactionQueries.origin(row.id));
  if (origin.data === undefined) return <QueryState query={origin} what={t`the sources`} />;
  const sources = origin.data;
  const isRuled = sources.category.rule?.origin === "user" && !sources.category.rule.is_removed;
  return (
    <>
      <Table withRowBorders={false} verticalSpacing={4} layout="fixed" aria-label={t`Source of merchant and category`}>
        <Table.Tbody>
          <Line name={t`Merchant`} field={sources.merchant} />
          <Line name={t`Category`} field={sources.category} />
          <Table.Tr>
            <Name>
              <Trans>Known as</Trans>
            </Name>
            <Table.Td style={{ fontSize: "var(--mantine-font-size-sm)", overflowWrap: "anywhere" }}>
              <Listed>
                {sources.merchant_key ? <Code>{sources.merchant_key}</Code> : t`no merchant recognised`}
                {sources.direction === "in" ? t`money in` : t`money out`}
              </Listed>
            </Table.Td>
          </Table.Tr>
        </Table.Tbody>
      </Table>
      <Text size="sm" mt={4}>
        {sources.enriched_at === null && t`Not enriched yet.`}{" "}
        {!isRuled && (
          <TextLink
            inherit
            underline="always"
            to="/enrichment/rules/new"
            search={{ row: row.id, ...(row.category === null ? {} : { category: row.category }) }}
          >
            <Trans>Create a rule from it</Trans>
          </TextLink>
        )}
      </Text>
    </>
  );
}

function Line({ name, field }: { name: string; field: FieldOrigin }) {
  return (
    <Table.Tr>
      <Name>{name}</Name>
      <Table.Td style={{ fontSize: "var(--mantine-font-size-sm)", overflowWrap: "anywhere" }}>
        {field.value !== null && (
          <Text size="sm" fw={600}>
            {field.value}
          </Text>
        )}
        <div>
          <Listed>
            <Origin field={field} />
            {field.prompt_version !== null && (
              <Trans>
                prompt <Code>{ph({ promptVersion: field.prompt_version })}</Code>
              </Trans>
            )}
            {field.reason !== null && (
              <Trans>
                because of <Code>{ph({ reason: field.reason.toUpperCase() })}</Code>
              </Trans>
            )}
            {field.confidence !== null && t`${{ percent: Math.round(field.confidence * 100) }}\u00a0% sure`}
          </Listed>
        </div>
        {field.source !== null && (
          <Text size="xs" c="dimmed" component="div">
            <Listed>
              <Trans>
                since <When at={field.since} />
              </Trans>
              {field.enrichment_job_id !== null && (
                <Trans>
                  by{" "}
                  <TextLink
                    inherit
                    underline="always"
                    to="/enrichment/jobs/$jobId"
                    params={{ jobId: field.enrichment_job_id }}
                  >
                    enrichment {ph({ enrichmentJobId: field.enrichment_job_id })}
                  </TextLink>
                </Trans>
              )}
            </Listed>
          </Text>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

/** What set the value: its kind, with the rule or the model. */
function Origin({ field }: { field: FieldOrigin }) {
  const source = sourceWords(field.source, field.value);
  if (field.rule !== null)
    return (
      <Trans>
        {source}: <RuleName rule={field.rule} />
      </Trans>
    );
  if (field.model === null) return <>{source}</>;
  return (
    <Trans>
      {source}: <Code>{ph({ model: field.model })}</Code>
    </Trans>
  );
}

function Name({ children }: { children: ReactNode }) {
  return (
    <Table.Th scope="row" w={140} style={{ verticalAlign: "top" }}>
      <Text size="sm" c="dimmed">
        {children}
      </Text>
    </Table.Th>
  );
}

function RuleName({ rule }: { rule: NonNullable<FieldOrigin["rule"]> }) {
  if (rule.is_removed)
    return (
      <>
        <Trans>{ph({ rule: conditionWords(rule) })} (since removed)</Trans>
      </>
    );
  return (
    <TextLink inherit underline="always" to="/enrichment/rules/$ruleId" params={{ ruleId: rule.id }}>
      {conditionWords(rule)}
    </TextLink>
  );
}
