import { createContext, useContext } from "react";
import type { Edit } from "./useEdit";

export type Field = "merchant" | "category";

/** What a row can do to the page; stays the same between renders, so that rows that did not change are not drawn again. */
export type RowActions = {
  open: (id: string) => void;
  toggle: (id: string, isRange: boolean) => void;
  beginEdit: (id: string, field: Field | null) => void;
  save: (edit: Edit) => void;
};

const Context = createContext<RowActions | null>(null);
export const RowActionsProvider = Context.Provider;

export function useRowActions(): RowActions {
  const actions = useContext(Context);
  if (actions === null) throw new Error("rows are drawn outside of their list");
  return actions;
}
