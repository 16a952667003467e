import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type Rule, useRemoveRule, useRestoreRule } from "./useRules";

const TOAST_MS = 15_000;

/** Removes a rule at once; the toast that says so brings it back. */
export function useRemoveWithUndo() {
  const remove = useRemoveRule();
  const restore = useRestoreRule();
  const failed = (title: string) => (error: Error) => notifications.show({ title, message: error.message, color: "red" });
  return (rule: Rule, onRemoved?: () => void) =>
    remove.mutate(rule.id, {
      onError: failed("The rule was not removed"),
      onSuccess: () => {
        onRemoved?.();
        const id = notifications.show({
          autoClose: TOAST_MS,
          color: "green",
          message: (
            <Group justify="space-between" wrap="nowrap">
              <Text size="sm">Rule “{rule.pattern}” is removed; rows keep what it said.</Text>
              <Button
                size="compact-sm"
                variant="default"
                onClick={() => {
                  notifications.hide(id);
                  restore.mutate(rule.id, { onError: failed("The rule could not be brought back") });
                }}
              >
                Undo
              </Button>
            </Group>
          ),
        });
      },
    });
}
