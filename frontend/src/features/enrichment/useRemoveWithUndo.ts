import { t } from "@lingui/core/macro";
import { notifications } from "@mantine/notifications";
import { sayDone } from "../../components/sayDone";
import { type Rule, useRemoveRule, useRestoreRule } from "./useRules";

/** Removes a rule at once; the toast undoes it. */
export function useRemoveWithUndo() {
  const remove = useRemoveRule();
  const restore = useRestoreRule();
  const failed = (title: string) => (error: Error) =>
    notifications.show({ title, message: error.message, color: "red" });
  return (rule: Rule, onRemoved?: () => void) =>
    remove.mutate(rule.id, {
      onError: failed(t`Removing the rule failed`),
      onSuccess: () => {
        onRemoved?.();
        const take = () => restore.mutate(rule.id, { onError: failed(t`Restoring the rule failed`) });
        sayDone(t`Rule “${{ pattern: rule.pattern }}” was removed. Rows keep their values.`, { label: t`Undo`, take });
      },
    });
}
