import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button, Stack, Text, Title, VisuallyHidden } from "@mantine/core";
import { IconListCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { enrichmentQueries } from "../../api/enrichment";
import { EmptyState } from "../../components/EmptyState";
import { PageHeader } from "../../components/PageHeader";
import { Problem } from "../../components/Problem";
import { QueryState } from "../../components/QueryState";
import { EnrichmentNav } from "./EnrichmentNav";
import { RuleRow } from "./RuleRow";
import { type Rule, useOrderRules } from "./useRules";

const LIST = { listStyle: "none", margin: 0, padding: 0 };

/** The user's rules in the order in which they apply, and the rules learned from corrections. */
export function RulesPage() {
  const rules = useQuery(enrichmentQueries.rules());
  const tree = useQuery(enrichmentQueries.categories());
  const byName = new Map((tree.data ?? []).map((item) => [item.name, item]));
  const own = rules.data?.filter((rule) => rule.origin === "user") ?? [];
  const learned = rules.data?.filter((rule) => rule.origin === "correction") ?? [];
  const add = (
    <Button component={Link} to="/enrichment/rules/new">
      <Trans>New rule</Trans>
    </Button>
  );
  const categoryOf = (rule: Rule) => (rule.category === null ? undefined : byName.get(rule.category));
  return (
    <>
      <PageHeader title={t`Rules`} actions={own.length + learned.length > 0 ? add : undefined}>
        <Trans>
          Rules override everything except your edits on a row. Changing a rule does not change stored rows until you
          apply it.
        </Trans>
      </PageHeader>
      <EnrichmentNav />
      <QueryState query={rules} what={t`rules`} />
      {rules.data?.length === 0 && (
        <EmptyState title={t`No rules yet`} icon={IconListCheck} action={add}>
          <Trans>
            A rule sets the category, the merchant or both on every row whose description matches. Corrections that you
            make under Doubts also appear here.
          </Trans>
        </EmptyState>
      )}
      {own.length > 0 && <OwnRules rules={own} categoryOf={categoryOf} />}
      {learned.length > 0 && (
        <section aria-labelledby="learned">
          <Title order={2} size="h4" id="learned">
            <Trans>Learned from corrections</Trans>
          </Title>
          <Text size="sm" c="dimmed" mb="xs">
            <Trans>Each applies to one merchant, after your own rules.</Trans>
          </Text>
          <Stack gap="xs" component="ul" style={LIST}>
            {learned.map((rule) => (
              <RuleRow key={rule.id} rule={rule} category={categoryOf(rule)} />
            ))}
          </Stack>
        </section>
      )}
    </>
  );
}

type OwnProps = { rules: Rule[]; categoryOf: (rule: Rule) => Parameters<typeof RuleRow>[0]["category"] };

function OwnRules({ rules, categoryOf }: OwnProps) {
  const order = useOrderRules();
  const [said, setSaid] = useState("");
  function move(index: number, by: 1 | -1) {
    const ids = rules.map((rule) => rule.id);
    const [moved] = ids.splice(index, 1);
    if (moved === undefined) return;
    ids.splice(index + by, 0, moved);
    order.mutate(ids);
    setSaid(t`The rule is now number ${{ place: index + by + 1 }} of ${{ rules: rules.length }}.`);
  }
  return (
    <section aria-labelledby="own">
      <Title order={2} size="h4" id="own">
        <Trans>Your own</Trans>
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        <Trans>Checked from the top. The first match applies.</Trans>
      </Text>
      {order.error && <Problem error={order.error} title={t`Saving the order failed`} />}
      <VisuallyHidden role="status">{said}</VisuallyHidden>
      <Stack gap="xs" component="ol" style={LIST} mb="lg">
        {rules.map((rule, index) => (
          <RuleRow
            key={rule.id}
            rule={rule}
            category={categoryOf(rule)}
            place={{ number: index + 1, of: rules.length, onMove: (by) => move(index, by) }}
          />
        ))}
      </Stack>
    </section>
  );
}
