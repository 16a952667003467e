import { notifications } from "@mantine/notifications";
import type { Category } from "../../lib/categoryTree";
import { counted } from "../../lib/formatCount";
import { useSplit } from "./useCategories";

/** Undoes a category's merge, and reports what was restored. */
export function useUndoMerge() {
  const split = useSplit();
  return (category: Category) =>
    split.mutate(category.id, {
      onSuccess: (told) => {
        const since =
          told.changed_since > 0
            ? `; ${counted(told.changed_since, "row")} changed since then ${told.changed_since === 1 ? "stays" : "stay"}`
            : "";
        notifications.show({
          color: "green",
          message: `${category.name} has ${counted(told.rows_back, "row")} again${since}.`,
        });
      },
      onError: (error) =>
        notifications.show({ title: "Undoing the merge failed", message: error.message, color: "red" }),
    });
}
