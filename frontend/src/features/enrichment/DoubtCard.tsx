import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Box, Button, Card, Group, Stack, Text, Title } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { CategorySelect } from "../../components/CategorySelect";
import { Problem } from "../../components/Problem";
import { sayDone } from "../../components/sayDone";
import { TextLink } from "../../components/TextLink";
import type { PlacedCategory } from "../../lib/categoryTree";
import { formatMoney } from "../../lib/formatMoney";
import { listed } from "../../lib/listed";
import { RulePreview } from "./RulePreview";
import { type Doubt, useCorrect, useNeverAsk, usePreviewCorrection } from "./useEnrichment";

/** A merchant that needs a category: choose one, preview its changes, then learn it, apply it or make it a rule. */
export function DoubtCard({ doubt, categories }: { doubt: Doubt; categories: PlacedCategory[] }) {
  const navigate = useNavigate();
  const [category, setCategory] = useState<string | null>(null);
  const preview = usePreviewCorrection();
  const correct = useCorrect();
  const neverAsk = useNeverAsk();
  const error = correct.error ?? preview.error ?? neverAsk.error;
  const rowId = doubt.example_id;
  const changing = preview.data?.changing ?? 0;
  function choose(chosen: string | null) {
    setCategory(chosen);
    preview.reset();
    correct.reset();
    if (chosen) preview.mutate({ transaction_id: rowId, category: chosen });
  }
  function learn(apply: boolean) {
    if (category === null) return;
    correct.mutate(
      { transaction_id: rowId, category, apply },
      {
        onSuccess: (rule) =>
          tell(t`Learned: ${{ example: doubt.example }} → ${category}.`, rule.enrichment_job_id ?? null),
      },
    );
  }
  function stopAsking() {
    const undo = () => neverAsk.mutate({ rowId, isNeverAsked: false });
    neverAsk.mutate(
      { rowId, isNeverAsked: true },
      {
        onSuccess: () =>
          sayDone(t`No model will be asked about ${{ example: doubt.example }}.`, { label: t`Undo`, take: undo }),
      },
    );
  }
  function tell(message: string, jobId: string | null) {
    const follow = () => void navigate({ to: "/enrichment/jobs/$jobId", params: { jobId: jobId ?? "" } });
    sayDone(message, ...(jobId === null ? [] : [{ label: t`Show progress`, take: follow }]));
  }
  return (
    <Card component="article" aria-label={doubt.example}>
      <Group justify="space-between" align="flex-start">
        <div style={{ flex: "1 1 240px", minWidth: 0 }}>
          <Title order={2} size="h5">
            <TextLink inherit to="/transactions" search={{ row: rowId }} style={{ overflowWrap: "anywhere" }}>
              {doubt.example}
            </TextLink>
          </Title>
          <Text size="sm" c="dimmed">
            {doubt.category
              ? t`${{ doubt: sizeOf(doubt) }}; now ${{ category: doubt.category }}, ${{ confidence: sure(doubt.confidence) }}`
              : sizeOf(doubt)}
          </Text>
          {doubt.merchant_key !== "" && (
            <Button variant="subtle" size="compact-xs" loading={neverAsk.isPending} onClick={stopAsking}>
              <Trans>Never ask a model about this</Trans>
            </Button>
          )}
          {category === null && error && <Problem error={error} />}
        </div>
        <Box w={{ base: "100%", xs: 260 }}>
          <CategorySelect
            label={t`Category of ${{ example: doubt.example }}`}
            isLabelHidden
            categories={categories}
            value={category}
            onChange={choose}
          />
        </Box>
      </Group>
      {category !== null && (
        <Stack mt="sm" gap="sm">
          {preview.data && <RulePreview preview={preview.data} />}
          {error && <Problem error={error} />}
          <Group gap="xs">
            <Button
              disabled={!preview.data}
              loading={preview.isPending || correct.isPending}
              onClick={() => learn(true)}
            >
              {changing > 0 ? t`Learn and apply to ${plural(changing, { one: "# row", other: "# rows" })}` : t`Learn`}
            </Button>
            <Button variant="default" disabled={!preview.data || correct.isPending} onClick={() => learn(false)}>
              <Trans>Only for future rows</Trans>
            </Button>
            <Button
              variant="subtle"
              renderRoot={(props) => <Link {...props} to="/enrichment/rules/new" search={{ row: rowId, category }} />}
            >
              <Trans>Create a rule…</Trans>
            </Button>
          </Group>
        </Stack>
      )}
    </Card>
  );
}

function sure(confidence: number | null): string {
  return confidence === null ? t`unsure` : t`${{ percent: Math.round(confidence * 100) }}\u00a0% sure`;
}

/** The number of rows and their money. */
function sizeOf(doubt: Doubt): string {
  const money = formatMoney(doubt.money, doubt.currency);
  return listed([
    plural({ rows: doubt.rows }, { one: "# row", other: "# rows" }),
    doubt.direction === "in" ? t`${money} received` : t`${money} spent`,
  ]);
}
