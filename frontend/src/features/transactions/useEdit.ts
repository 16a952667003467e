import { plural, t } from "@lingui/core/macro";
import { notifications } from "@mantine/notifications";
import { type InfiniteData, type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { answered, api } from "../../api/client";
import { transactionQueries } from "../../api/transactions";
import type { Transaction } from "../../api/types";
import { sayDone } from "../../components/sayDone";
import { capitalised } from "../../lib/capitalised";
import { listed } from "../../lib/listed";

export type Edit = { ids: string[]; merchant?: string | null; category?: string | null };
type Page = { transactions: Transaction[]; next_cursor: string | null };
type Pages = InfiniteData<Page, string | null>;

/** Replaces rows wherever they are shown. */
function replaceRows(client: QueryClient, change: (row: Transaction) => Transaction, ids: ReadonlySet<string>) {
  client.setQueriesData<Pages>(
    { queryKey: transactionQueries.allRows },
    (data) =>
      data && {
        ...data,
        pages: data.pages.map((page) =>
          page.transactions.some((row) => ids.has(row.id))
            ? { ...page, transactions: page.transactions.map((row) => (ids.has(row.id) ? change(row) : row)) }
            : page,
        ),
      },
  );
  for (const id of ids) {
    client.setQueryData(transactionQueries.one(id).queryKey, (row) => row && change(row));
  }
}

function putBack(client: QueryClient, rows: Transaction[]) {
  const byId = new Map(rows.map((row) => [row.id, row]));
  replaceRows(client, (row) => byId.get(row.id) ?? row, new Set(byId.keys()));
}

function rowsNow(client: QueryClient, ids: ReadonlySet<string>): Transaction[] {
  const rowsById = new Map<string, Transaction>();
  for (const [, data] of client.getQueriesData<Pages>({ queryKey: transactionQueries.allRows })) {
    for (const page of data?.pages ?? []) {
      for (const row of page.transactions) if (ids.has(row.id)) rowsById.set(row.id, row);
    }
  }
  for (const id of ids) {
    const row = client.getQueryData(transactionQueries.one(id).queryKey);
    if (row && !rowsById.has(id)) rowsById.set(id, row);
  }
  return [...rowsById.values()];
}

function edited(row: Transaction, edit: Edit): Transaction {
  return {
    ...row,
    ...(edit.merchant !== undefined && { merchant: edit.merchant, merchant_source: "user" }),
    ...(edit.category !== undefined && { category: edit.category, category_source: "user" }),
  };
}

/** What an edit of so many rows did, in words. */
export function said(edit: Omit<Edit, "ids">, count: number): string {
  return capitalised(listed([categorySaid(edit.category, count), merchantSaid(edit.merchant, count)]));
}

function categorySaid(category: string | null | undefined, count: number): string {
  if (category === undefined) return "";
  return category === null
    ? plural(count, { one: "category removed", other: "category of # rows removed" })
    : plural(count, { one: `category: ${category}`, other: `category of # rows: ${category}` });
}

function merchantSaid(merchant: string | null | undefined, count: number): string {
  if (merchant === undefined) return "";
  return merchant === null
    ? plural(count, { one: "merchant removed", other: "merchant of # rows removed" })
    : plural(count, { one: `merchant: ${merchant}`, other: `merchant of # rows: ${merchant}` });
}

/** The rule that would repeat this edit on future rows; null if several rows were edited or a value was removed. */
function ruleOf({ ids, merchant, category }: Edit) {
  const [row] = ids;
  if (row === undefined || ids.length > 1 || (!merchant && !category)) return null;
  return { row, ...(category ? { category } : {}), ...(merchant ? { merchant } : {}) };
}

/** Edits rows: shown at once, reverted if the API refuses, and undone from the toast or by `onDone`'s step. */
export function useEdit(onDone: (undo: () => void) => () => void) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const undo = useMutation({
    mutationFn: (change_ids: string[]) => answered(api.POST("/api/transactions/edits/undo", { body: { change_ids } })),
    onSuccess: (done) => {
      putBack(client, done.transactions);
      const left = done.changed_since.length;
      notifications.show({
        message: left === 0 ? t`Edit undone.` : t`Edit undone, except for ${left} rows that have changed since.`,
        color: left === 0 ? "green" : "yellow",
      });
    },
    onError: (error) => notifications.show({ title: t`Undoing the edit failed`, message: error.message, color: "red" }),
    onSettled: () => client.invalidateQueries({ queryKey: transactionQueries.all }),
  });
  return useMutation({
    mutationFn: ({ ids, ...values }: Edit) =>
      answered(api.POST("/api/transactions/edits", { body: { transaction_ids: ids, ...values } })),
    onMutate: (edit) => {
      const ids = new Set(edit.ids);
      const before = rowsNow(client, ids);
      replaceRows(client, (row) => edited(row, edit), ids);
      return { before };
    },
    onError: (error, _edit, context) => {
      if (context) putBack(client, context.before);
      notifications.show({ title: t`Saving the edit failed`, message: error.message, color: "red" });
    },
    onSuccess: (done, edit) => {
      putBack(client, done.transactions);
      if (done.change_ids.length === 0) return;
      const rule = ruleOf(edit);
      const steps = [{ label: t`Undo`, take: onDone(() => undo.mutate(done.change_ids)) }];
      if (rule !== null) {
        steps.push({
          label: t`Create a rule…`,
          take: () => void navigate({ to: "/enrichment/rules/new", search: rule }),
        });
      }
      sayDone(said(edit, edit.ids.length), ...steps);
    },
    onSettled: () => client.invalidateQueries({ queryKey: transactionQueries.all }),
  });
}
