import { plural, t } from "@lingui/core/macro";
import { notifications } from "@mantine/notifications";
import type { Category } from "../../lib/categoryTree";
import { useSplit } from "./useCategories";

/** Undoes a category's merge, and reports what was restored. */
export function useUndoMerge() {
  const split = useSplit();
  return (category: Category) =>
    split.mutate(category.id, {
      onSuccess: (told) => {
        const since =
          told.changed_since > 0
            ? plural(
                { changedSince: told.changed_since },
                { one: "; # row changed since then stays", other: "; # rows changed since then stay" },
              )
            : "";
        notifications.show({
          color: "green",
          message: t`${{ category: category.name }} has ${plural({ rowsBack: told.rows_back }, { one: "# row", other: "# rows" })} again${since}.`,
        });
      },
      onError: (error) =>
        notifications.show({ title: t`Undoing the merge failed`, message: error.message, color: "red" }),
    });
}
