import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Alert, Button, Card, Grid, Group, Stack, Text, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { enrichmentQueries } from "../../api/enrichment";
import { Problem } from "../../components/Problem";
import { QueryState } from "../../components/QueryState";
import { offeredCategories } from "../../lib/categoryTree";
import { AppliedJob } from "./AppliedJob";
import { RuleFields } from "./RuleFields";
import { RulePreview } from "./RulePreview";
import { isSame, requestOf, type RuleValues, valuesOf } from "./ruleValues";
import { type Rule, useApplyRule, useSaveRule } from "./useRules";

const TYPING_MS = 400;

type Props = {
  initial: RuleValues;
  /** The rule to edit; null for a new one. */
  rule: Rule | null;
  onSaved: (rule: Rule) => void;
  onLeave: () => void;
};

/** A form for a rule, with a preview of the stored rows it would change; saving and applying are two steps. */
export function RuleForm({ initial, rule, onSaved, onLeave }: Props) {
  const form = useForm({ initialValues: initial });
  const { values } = form;
  const tree = useQuery(enrichmentQueries.categories());
  const save = useSaveRule(rule?.id ?? null);
  const apply = useApplyRule();
  const request = useMemo(() => requestOf(values), [values]);
  const [settled] = useDebouncedValue(request, TYPING_MS);
  const preview = useQuery(enrichmentQueries.rulePreview(settled, rule?.id ?? null));
  const isSaved = rule !== null && isSame(values, valuesOf(rule));
  const isFresh = settled === request && !preview.isPlaceholderData && !preview.isFetching;
  function change(some: Partial<RuleValues>) {
    save.reset();
    form.setValues(some);
  }
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, md: 5 }}>
        <form
          onSubmit={form.onSubmit(() => {
            if (request !== null) save.mutate(request, { onSuccess: onSaved });
          })}
        >
          <Card component="section" aria-label={t`The rule`}>
            <Stack>
              <RuleFields
                values={values}
                isLearned={rule?.origin === "correction"}
                categories={offeredCategories(tree.data ?? [])}
                onChange={change}
              />
              {save.error && <Problem error={save.error} title={t`Saving failed`} />}
              <Group>
                <Button type="submit" loading={save.isPending} disabled={request === null || isSaved}>
                  {rule === null ? t`Save the rule` : t`Save changes`}
                </Button>
                <Button variant="default" onClick={onLeave}>
                  {isSaved ? t`Done` : t`Cancel`}
                </Button>
              </Group>
              <Text size="sm" c="dimmed">
                {request === null
                  ? t`Enter a text to match, and a category or merchant to set.`
                  : t`Saving changes no stored rows. The rule applies to future rows.`}
              </Text>
            </Stack>
          </Card>
        </form>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 7 }}>
        <Card component="section" aria-label={t`What it would change`}>
          <Stack gap="sm">
            <Title order={2} size="h5">
              <Trans>What it would change</Trans>
            </Title>
            {request === null && (
              <Text size="sm">
                <Trans>Nothing yet.</Trans>
              </Text>
            )}
            {request !== null && (
              <QueryState query={preview} what={t`what it would change`} lines={3} failed={t`Preview failed`} />
            )}
            {request !== null && preview.data && <RulePreview preview={preview.data} isStale={!isFresh} />}
            {apply.data ? (
              <AppliedJob jobId={apply.data.id} />
            ) : (
              isSaved &&
              isFresh &&
              preview.data && (
                <ApplyStep
                  rule={rule}
                  changing={preview.data.changing}
                  isPending={apply.isPending}
                  onApply={() => apply.mutate(rule.id)}
                />
              )
            )}
            {apply.error && <Problem error={apply.error} title={t`Applying failed`} />}
            {!isSaved && (preview.data?.changing ?? 0) > 0 && request !== null && (
              <Text size="sm" c="dimmed">
                <Trans>Save the rule to apply it to these rows. You can undo that.</Trans>
              </Text>
            )}
          </Stack>
        </Card>
      </Grid.Col>
    </Grid>
  );
}

type StepProps = { rule: Rule; changing: number; isPending: boolean; onApply: () => void };

function ApplyStep({ rule, changing, isPending, onApply }: StepProps) {
  if (!rule.is_enabled) {
    return (
      <Alert color="yellow" role="status">
        <Trans>This rule is switched off. Switch it on in the list of rules to apply it.</Trans>
      </Alert>
    );
  }
  if (changing === 0) {
    return (
      <Text size="sm" role="note">
        <Trans>Nothing to apply: the stored rows already match the rule, or stay for the reasons above.</Trans>
      </Text>
    );
  }
  return (
    <Group>
      <Button loading={isPending} onClick={onApply}>
        <Trans>
          Apply to <Plural value={changing} one="# row" other="# rows" />
        </Trans>
      </Button>
      <Text size="sm" c="dimmed">
        <Trans>You can undo this.</Trans>
      </Text>
    </Group>
  );
}
