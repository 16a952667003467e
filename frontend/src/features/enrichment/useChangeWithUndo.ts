import { t } from "@lingui/core/macro";
import { notifications } from "@mantine/notifications";
import { sayDone } from "../../components/sayDone";
import type { Category } from "../../lib/categoryTree";
import { type CategoryChange, useChangeCategory } from "./useCategories";

/** The previous values of the fields that a change sets. */
function reverseOf(category: Category, change: CategoryChange): CategoryChange {
  return {
    ...(change.name === undefined ? {} : { name: category.name }),
    ...(change.colour === undefined ? {} : { colour: category.colour }),
    ...(change.parent_id === undefined ? {} : { parent_id: category.parent_id }),
    ...(change.is_archived === undefined ? {} : { is_archived: category.is_archived }),
  };
}

/** Changes a category; the toast undoes it. */
export function useChangeWithUndo() {
  const change = useChangeCategory();
  const back = useChangeCategory();
  function apply(category: Category, request: CategoryChange, text: string, onDone?: () => void) {
    change.mutate(
      { id: category.id, change: request },
      {
        onError: (error) => {
          // A dialog shows its own errors.
          if (!onDone) notifications.show({ title: t`Changing failed`, message: error.message, color: "red" });
        },
        onSuccess: () => {
          onDone?.();
          const take = () =>
            back.mutate(
              { id: category.id, change: reverseOf(category, request) },
              {
                onSuccess: () =>
                  notifications.show({ color: "green", message: t`${{ category: category.name }} was restored.` }),
                onError: (error) => notifications.show({ title: t`Undo failed`, message: error.message, color: "red" }),
              },
            );
          sayDone(text, { label: t`Undo`, take });
        },
      },
    );
  }
  return { apply, isPending: change.isPending, error: change.error };
}
