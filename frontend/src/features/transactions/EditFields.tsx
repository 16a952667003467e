import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Autocomplete, Button, Group, Stack, Text } from "@mantine/core";
import type { Transaction } from "../../api/types";
import { sourceWords } from "../../lib/sourceWords";
import { useDraft } from "../../lib/useDraft";
import type { Edit } from "./useEdit";

type Props = { row: Transaction; categories: string[]; onSave: (edit: Edit) => void };

/** Merchant and category, with where each is from. */
export function EditFields({ row, categories, onSave }: Props) {
  const [merchant, setMerchant] = useDraft(row.merchant ?? "");
  const [category, setCategory] = useDraft(row.category ?? "");
  const edit = { merchant: merchant.trim() || null, category: category.trim() || null };
  const changes = {
    ...(edit.merchant !== row.merchant && { merchant: edit.merchant }),
    ...(edit.category !== row.category && { category: edit.category }),
  };
  const isChanged = Object.keys(changes).length > 0;
  return (
    <form
      aria-label={t`Edit`}
      onSubmit={(event) => {
        event.preventDefault();
        if (isChanged) onSave({ ids: [row.id], ...changes });
      }}
    >
      <Stack gap="xs">
        <Autocomplete
          label={t`Merchant`}
          description={sourceWords(row.merchant_source, row.merchant)}
          maxLength={200}
          value={merchant}
          onChange={setMerchant}
        />
        <Autocomplete
          label={t`Category`}
          description={sourceWords(row.category_source, row.category)}
          data={categories}
          limit={8}
          maxLength={100}
          value={category}
          onChange={setCategory}
        />
        <Group justify="space-between">
          <Text size="xs" c="dimmed">
            <Trans>Your values are never overwritten by a bank, rule or model.</Trans>
          </Text>
          <Button type="submit" size="xs" disabled={!isChanged}>
            <Trans>Save</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
