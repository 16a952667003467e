import { plural, t } from "@lingui/core/macro";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import { type TransactionQuery, transactionQueries } from "../../api/transactions";
import { sayDone } from "../../components/sayDone";
import { type Edit, said } from "./useEdit";

type Wanted = { query: TransactionQuery; edit: Omit<Edit, "ids"> };
type Told = { onDone: (undo: () => void) => () => void; onChanged: () => void };

/** Edits all rows that match, loaded or not; `onChanged` is called when the list has other values. */
export function useEditMatching({ onDone, onChanged }: Told) {
  const client = useQueryClient();
  function settle() {
    onChanged();
    void client.invalidateQueries({ queryKey: transactionQueries.all });
  }
  const undo = useMutation({
    mutationFn: (bulk_edit_id: string) =>
      answered(api.POST("/api/transactions/edits/matching/undo", { body: { bulk_edit_id } })),
    onSuccess: ({ changed_since }) =>
      notifications.show({
        message:
          changed_since === 0
            ? t`Edit undone.`
            : t`Edit undone, except for ${plural({ changedSince: changed_since }, { one: "# row", other: "# rows" })} that changed since.`,
        color: changed_since === 0 ? "green" : "yellow",
      }),
    onError: (error) => notifications.show({ title: t`Undoing the edit failed`, message: error.message, color: "red" }),
    onSettled: settle,
  });
  return useMutation({
    mutationFn: ({ query, edit }: Wanted) =>
      answered(api.POST("/api/transactions/edits/matching", { params: { query }, body: edit })),
    onSuccess: ({ rows, bulk_edit_id }, { edit }) => {
      if (bulk_edit_id === null) {
        notifications.show({ message: t`All of these rows had it already.`, color: "green" });
        return;
      }
      sayDone(said(edit, rows), { label: t`Undo`, take: onDone(() => undo.mutate(bulk_edit_id)) });
    },
    onError: (error) => notifications.show({ title: t`Saving the edit failed`, message: error.message, color: "red" }),
    onSettled: settle,
  });
}
