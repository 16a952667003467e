import { Button, Card, Group, Select, Text } from "@mantine/core";
import { useState } from "react";
import { Problem } from "../../components/Problem";
import { formatMoney } from "../../lib/formatMoney";
import { type Doubt, useCorrect, usePreviewCorrection } from "./useEnrichment";

/** A merchant that needs a category: choose one, see what it changes, and have it learned. */
export function DoubtCard({ doubt, categories }: { doubt: Doubt; categories: string[] }) {
  const [category, setCategory] = useState<string | null>(null);
  const preview = usePreviewCorrection();
  const correct = useCorrect();
  const error = correct.error ?? preview.error;
  const rowId = Number(doubt.example_id);
  function choose(chosen: string | null) {
    setCategory(chosen);
    preview.reset();
    if (chosen) preview.mutate({ transaction_id: rowId, category: chosen });
  }
  return (
    <Card withBorder>
      <Group justify="space-between" align="flex-end">
        <div>
          <Text fw={600}>{doubt.example}</Text>
          <Text size="sm" c="dimmed">
            {doubt.rows} {doubt.rows === 1 ? "row" : "rows"}, {formatMoney(doubt.money, doubt.currency)}{" "}
            {doubt.direction === "in" ? "received" : "spent"}
            {doubt.category && `; now ${doubt.category}, unsure`}
          </Text>
        </div>
        <Group align="flex-end" gap="xs">
          <Select
            aria-label={`Category of ${doubt.example}`}
            placeholder="Choose a category"
            searchable
            data={categories}
            value={category}
            onChange={choose}
          />
          <Button
            disabled={!category || !preview.data}
            loading={correct.isPending}
            onClick={() => category && correct.mutate({ transaction_id: rowId, category })}
          >
            Learn and apply
          </Button>
        </Group>
      </Group>
      {preview.data && (
        <Text size="sm" mt="xs" role="status">
          {preview.data.changing} rows would change; {preview.data.kept_by_user} stay as you edited them.
        </Text>
      )}
      {error && <Problem error={error} />}
    </Card>
  );
}
