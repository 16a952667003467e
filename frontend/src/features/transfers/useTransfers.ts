import { plural, t } from "@lingui/core/macro";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import { oneByOne } from "../../api/oneByOne";
import type { components } from "../../api/schema.gen";
import { transactionQueries } from "../../api/transactions";
import { transferQueries } from "../../api/transfers";
import { sayDone } from "../../components/sayDone";
import { sayFailures } from "../../components/sayFailures";
import { formatCount } from "../../lib/formatCount";
import { labelled } from "../../lib/listed";
import type { Least } from "./transfersSearch";
import { pairWords } from "./words";

export type Transfer = components["schemas"]["TransferRead"];
/** Takes the step that undoes a decision, and returns it. */
type Remember = (undo: () => void) => () => void;

function useRefresh() {
  const client = useQueryClient();
  // Awaited, so that a decided pair is not offered again before the list is refetched.
  return async () => {
    void client.invalidateQueries({ queryKey: transactionQueries.all });
    await client.invalidateQueries({ queryKey: transferQueries.all });
  };
}

/** Searches all rows for transfers and reports the result. */
export function useLook() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: () => answered(api.POST("/api/transactions/transfers/look")),
    onSuccess: (found) =>
      notifications.show({
        color: "green",
        message: [
          t`${{ new: formatCount(found.new) }} new, ${{ dropped: formatCount(found.dropped) }} dropped, ${{ suggested: formatCount(found.suggested) }} suggested in total.`,
          ...(found.too_alike > 0
            ? [t`${{ tooAlike: formatCount(found.too_alike) }} rows have too many equal candidates.`]
            : []),
        ].join(" "),
      }),
    onError: (error) => notifications.show({ title: t`The search failed`, message: error.message, color: "red" }),
    onSettled: refresh,
  });
}

/** Undoes decisions; the pairs become suggestions again. */
export function useReopen() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (ids: string[]) =>
      answered(api.POST("/api/transactions/transfers/reopen", { body: { transfer_ids: ids } })),
    onSuccess: (done) =>
      notifications.show({
        message:
          done.reopened === 1 ? t`Decision undone.` : t`${{ reopened: formatCount(done.reopened) }} decisions undone.`,
        color: "green",
      }),
    onError: (error) => notifications.show({ title: t`Undo failed`, message: error.message, color: "red" }),
    onSettled: refresh,
  });
}

function useUndoToast(remember: Remember) {
  const reopen = useReopen();
  return (message: string, ids: string[]) =>
    sayDone(message, { label: t`Undo`, take: remember(() => reopen.mutate(ids)) });
}

function said(action: "confirm" | "refuse", count: number): string {
  if (count === 1) {
    return action === "confirm" ? t`Confirmed as a transfer.` : t`Not a transfer: it will not be suggested again.`;
  }
  return action === "confirm"
    ? t`${plural(count, { one: "# transfer", other: "# transfers" })} confirmed.`
    : t`${plural(count, { one: "# pair", other: "# pairs" })} refused: they will not be suggested again.`;
}

/** Confirms or refuses pairs, one request each; reports those that failed, and undoes the others on request. */
export function useDecide(remember: Remember) {
  const refresh = useRefresh();
  const say = useUndoToast(remember);
  return useMutation({
    mutationFn: ({ pairs, action }: { pairs: Transfer[]; action: "confirm" | "refuse" }) =>
      oneByOne(pairs, ({ id }) => {
        const params = { params: { path: { transfer_id: id } } };
        return answered(
          action === "confirm"
            ? api.POST("/api/transactions/transfers/{transfer_id}/confirm", params)
            : api.POST("/api/transactions/transfers/{transfer_id}/refuse", params),
        );
      }),
    onSuccess: ({ done, failed }, { pairs, action }) => {
      if (failed.length > 0) {
        sayFailures(
          pairs.length === 1
            ? t`Saving the decision failed`
            : t`Saving ${{ failed: formatCount(failed.length) }} of ${plural({ pairs: pairs.length }, { one: "# decision", other: "# decisions" })} failed`,
          failed.map(({ item, error }) => labelled(pairWords(item), error.message)),
        );
      }
      if (done.length > 0)
        say(
          said(action, done.length),
          done.map(({ id }) => id),
        );
    },
    onSettled: refresh,
  });
}

/** Confirms every suggestion with at least this confidence; the toast undoes it. */
export function useConfirmAll(remember: Remember) {
  const refresh = useRefresh();
  const say = useUndoToast(remember);
  return useMutation({
    mutationFn: (least: Least) =>
      answered(api.POST("/api/transactions/transfers/confirm", { body: { min_confidence: least } })),
    onSuccess: (done) => {
      if (done.confirmed === 0) notifications.show({ message: t`None of them could be confirmed.`, color: "yellow" });
      else
        say(
          t`${plural({ confirmed: done.confirmed }, { one: "# transfer", other: "# transfers" })} confirmed.`,
          done.transfer_ids,
        );
    },
    onError: (error) => notifications.show({ title: t`Confirming failed`, message: error.message, color: "red" }),
    onSettled: refresh,
  });
}
