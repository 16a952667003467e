import { ph, plural, t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Button, Group, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { enrichmentQueries } from "../../api/enrichment";
import { CategorySelect } from "../../components/CategorySelect";
import { OpenDialog } from "../../components/OpenDialog";
import { Problem } from "../../components/Problem";
import { QueryState } from "../../components/QueryState";
import { type Category, offeredCategories } from "../../lib/categoryTree";
import { allOf } from "../../lib/listed";
import { type Moved, useMerge } from "./useCategories";

const TOAST_MS = 12_000;

type Props = {
  category: Category;
  categories: Category[];
  /** Undoes the merge, after the dialog was closed. */
  onUndo: (category: Category) => void;
  onClose: () => void;
};

/** Merges a category into another after a preview; the toast undoes it. */
export function MergeDialog({ category, categories, onUndo, onClose }: Props) {
  const [name, setName] = useState<string | null>(null);
  const into = categories.find((item) => item.name === name);
  const preview = useQuery(enrichmentQueries.merge(category.id, into?.id ?? null));
  const merge = useMerge();
  function begin() {
    if (into === undefined) return;
    merge.mutate(
      { id: category.id, intoId: into.id },
      {
        onSuccess: (moved) => {
          onClose();
          const id = notifications.show({
            autoClose: TOAST_MS,
            color: "green",
            message: (
              <Group justify="space-between" wrap="nowrap">
                <Text size="sm">
                  <Trans>
                    <Plural value={{ rows: moved.rows }} one="# row" other="# rows" /> of{" "}
                    {ph({ category: category.name })} say {ph({ into: into.name })} now.
                  </Trans>
                </Text>
                <Button
                  size="compact-sm"
                  variant="default"
                  onClick={() => {
                    notifications.hide(id);
                    onUndo(category);
                  }}
                >
                  <Trans>Undo</Trans>
                </Button>
              </Group>
            ),
          });
        },
      },
    );
  }
  return (
    <OpenDialog onClose={onClose} title={t`Merge ${{ category: category.name }} into another`}>
      <Stack>
        <CategorySelect
          label={t`Into`}
          categories={offeredCategories(categories).filter((item) => item.id !== category.id)}
          value={name}
          onChange={setName}
        />
        {into !== undefined && <QueryState query={preview} what={t`what that moves`} lines={2} />}
        {into !== undefined && preview.data && (
          <Text size="sm" role="status">
            <Trans>
              {ph({ preview: wordsOf(preview.data) })} go to {ph({ into: into.name })}.{" "}
              {ph({ category: category.name })} is archived, and rows that banks put into it get{" "}
              {ph({ into: into.name })} from now on. You can undo this.
            </Trans>
          </Text>
        )}
        {merge.error && <Problem error={merge.error} title={t`Merging failed`} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button disabled={into === undefined || !preview.data} loading={merge.isPending} onClick={begin}>
            <Trans>Merge</Trans>
          </Button>
        </Group>
      </Stack>
    </OpenDialog>
  );
}

function wordsOf(moved: Moved): string {
  return allOf([
    plural({ rows: moved.rows }, { one: "# row", other: "# rows" }),
    plural({ rules: moved.rules }, { one: "# rule", other: "# rules" }),
    plural({ corrections: moved.corrections }, { one: "# correction", other: "# corrections" }),
    plural({ remembered: moved.remembered }, { one: "# cached answer", other: "# cached answers" }),
    moved.children > 0 && plural({ children: moved.children }, { one: "# subcategory", other: "# subcategories" }),
  ]);
}
