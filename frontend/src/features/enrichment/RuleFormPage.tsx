import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { enrichmentQueries } from "../../api/enrichment";
import { PageHeader } from "../../components/PageHeader";
import { QueryState } from "../../components/QueryState";
import { conditionWords } from "../../lib/ruleWords";
import { EnrichmentNav } from "./EnrichmentNav";
import type { NewRuleSearch } from "./newRuleSearch";
import { RuleForm } from "./RuleForm";
import { type RuleValues, valuesFromRow, valuesOf } from "./ruleValues";
import { useRemoveWithUndo } from "./useRemoveWithUndo";

const EMPTY: RuleValues = { match: "contains", pattern: "", direction: "any", category: null, merchant: "" };

/** Creates a rule, for a row's merchant if a row is given. */
export function NewRulePage({ search }: { search: NewRuleSearch }) {
  const navigate = useNavigate();
  const row = useQuery(enrichmentQueries.rowForRule(search.row));
  const start = {
    ...(search.category === undefined ? {} : { category: search.category }),
    ...(search.merchant === undefined ? {} : { merchant: search.merchant }),
  };
  const begin = row.data ? valuesFromRow(row.data.row, row.data.origin) : EMPTY;
  const isReady = search.row === undefined || row.data !== undefined;
  return (
    <>
      <PageHeader title={t`New rule`}>
        {row.data
          ? t`Created from “${{ description: row.data.row.description }}”.`
          : t`It applies after your existing rules. You can move it.`}
      </PageHeader>
      <EnrichmentNav />
      {search.row !== undefined && <QueryState query={row} what={t`the row`} />}
      {isReady && (
        <RuleForm
          initial={{ ...begin, ...start }}
          rule={null}
          onSaved={(made) => {
            notifications.show({ color: "green", message: t`Rule saved. Stored rows are unchanged.` });
            void navigate({ to: "/enrichment/rules/$ruleId", params: { ruleId: made.id }, replace: true });
          }}
          onLeave={() => void navigate({ to: "/enrichment/rules" })}
        />
      )}
    </>
  );
}

/** Changes a rule, and applies it to stored rows. */
export function EditRulePage({ ruleId }: { ruleId: string }) {
  const navigate = useNavigate();
  const rule = useQuery(enrichmentQueries.rule(ruleId));
  const remove = useRemoveWithUndo();
  const leave = () => void navigate({ to: "/enrichment/rules" });
  const stored = rule.data;
  return (
    <>
      <PageHeader
        title={t`Rule ${ruleId}`}
        actions={
          stored && (
            <Button variant="subtle" color="red" onClick={() => remove(stored, leave)}>
              <Trans>Remove</Trans>
            </Button>
          )
        }
      >
        {stored && t`For rows whose ${{ stored: conditionWords(stored) }}.`}
      </PageHeader>
      <EnrichmentNav />
      <QueryState query={rule} what={t`the rule`} />
      {stored && (
        <RuleForm
          key={stored.id}
          initial={valuesOf(stored)}
          rule={stored}
          onSaved={() => notifications.show({ color: "green", message: t`Rule changed. Stored rows are unchanged.` })}
          onLeave={leave}
        />
      )}
    </>
  );
}
