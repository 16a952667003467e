import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { enrichmentQueries } from "../../api/enrichment";
import { CategorySelect } from "../../components/CategorySelect";
import { Problem } from "../../components/Problem";
import { QueryState } from "../../components/QueryState";
import { type Category, offeredCategories } from "../../lib/categoryTree";
import { counted } from "../../lib/formatCount";
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
                  {counted(moved.rows, "row")} of {category.name} say {into.name} now.
                </Text>
                <Button
                  size="compact-sm"
                  variant="default"
                  onClick={() => {
                    notifications.hide(id);
                    onUndo(category);
                  }}
                >
                  Undo
                </Button>
              </Group>
            ),
          });
        },
      },
    );
  }
  return (
    <Modal opened onClose={onClose} title={`Merge ${category.name} into another`}>
      <Stack>
        <CategorySelect
          label="Into"
          categories={offeredCategories(categories).filter((item) => item.id !== category.id)}
          value={name}
          onChange={setName}
        />
        {into !== undefined && <QueryState query={preview} what="what that moves" lines={2} />}
        {into !== undefined && preview.data && (
          <Text size="sm" role="status">
            {wordsOf(preview.data)} go to {into.name}. {category.name} is archived, and rows that banks put into it get{" "}
            {into.name} from now on. You can undo this.
          </Text>
        )}
        {merge.error && <Problem error={merge.error} title="Merging failed" />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button disabled={into === undefined || !preview.data} loading={merge.isPending} onClick={begin}>
            Merge
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function wordsOf(moved: Moved): string {
  const first = [counted(moved.rows, "row"), counted(moved.rules, "rule"), counted(moved.corrections, "correction")];
  const under = moved.children > 0 ? `, and ${counted(moved.children, "subcategory", "subcategories")}` : "";
  return `${first.join(", ")} and ${counted(moved.remembered, "cached answer")}${under}`;
}
