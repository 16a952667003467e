import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import type { components } from "../../api/schema.gen";
import { transactionQueries } from "../../api/transactions";
import { transferQueries } from "../../api/transfers";
import { sayDone } from "../../components/sayDone";
import { counted, formatCount } from "../../lib/formatCount";
import type { Least } from "./transfersSearch";

export type Transfer = components["schemas"]["TransferRead"];
export type Action = "confirm" | "refuse" | "reopen";

function useRefresh() {
  const client = useQueryClient();
  // Awaited: a pair that is decided is not offered again before the new list is there.
  return async () => {
    void client.invalidateQueries({ queryKey: transactionQueries.all });
    await client.invalidateQueries({ queryKey: transferQueries.all });
  };
}

/** Look through the whole record, and say what came of it. */
export function useLook() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: () => answered(api.POST("/api/transactions/transfers/look")),
    onSuccess: (found) =>
      notifications.show({
        color: "green",
        message:
          `${formatCount(found.new)} new, ${formatCount(found.dropped)} dropped, ${formatCount(found.suggested)} suggested in all.` +
          (found.too_alike > 0
            ? ` ${formatCount(found.too_alike)} rows have too many equal ones near them to tell.`
            : ""),
      }),
    onError: (error) =>
      notifications.show({ title: "The record was not looked through", message: error.message, color: "red" }),
    onSettled: refresh,
  });
}

/** Take decisions back; the pairs are suggestions again. */
export function useReopen() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (ids: number[]) =>
      answered(api.POST("/api/transactions/transfers/reopen", { body: { transfer_ids: ids } })),
    onSuccess: (done) =>
      notifications.show({
        message:
          done.reopened === 1
            ? "The decision is taken back."
            : `${formatCount(done.reopened)} decisions are taken back.`,
        color: "green",
      }),
    onError: (error) => notifications.show({ title: "That was not taken back", message: error.message, color: "red" }),
    onSettled: refresh,
  });
}

function useUndoToast() {
  const reopen = useReopen();
  return (message: string, ids: number[]) => sayDone(message, { label: "Undo", take: () => reopen.mutate(ids) });
}

/** Confirm or refuse a pair; the toast that says so takes it back. */
export function useDecide() {
  const refresh = useRefresh();
  const say = useUndoToast();
  return useMutation({
    mutationFn: ({ id, action }: { id: number; action: "confirm" | "refuse" }) => {
      const params = { params: { path: { transfer_id: id } } };
      return answered(
        action === "confirm"
          ? api.POST("/api/transactions/transfers/{transfer_id}/confirm", params)
          : api.POST("/api/transactions/transfers/{transfer_id}/refuse", params),
      );
    },
    onSuccess: (pair, { action }) =>
      say(action === "confirm" ? "Confirmed as a transfer." : "Not a transfer: it will not be suggested again.", [
        pair.id,
      ]),
    onError: (error) => notifications.show({ title: "That was not decided", message: error.message, color: "red" }),
    onSettled: refresh,
  });
}

/** Confirm every suggestion that is at least so sure; the toast takes all of it back. */
export function useConfirmAll() {
  const refresh = useRefresh();
  const say = useUndoToast();
  return useMutation({
    mutationFn: (least: Least) =>
      answered(api.POST("/api/transactions/transfers/confirm", { body: { min_confidence: least } })),
    onSuccess: (done) => {
      if (done.confirmed === 0) notifications.show({ message: "None of them could be confirmed.", color: "yellow" });
      else say(`${counted(done.confirmed, "transfer")} confirmed.`, done.transfer_ids);
    },
    onError: (error) => notifications.show({ title: "Nothing was confirmed", message: error.message, color: "red" }),
    onSettled: refresh,
  });
}
