/** What a table of decisions shows and offers. */
import type { MessageDescriptor } from "@lingui/core";
import type { ReactNode } from "react";

export type Column<Row> = {
  title: string;
  /** The width as a track of a CSS grid. */
  width: string;
  /** Its place in a compact row: at the left or right of the first line, or on a line of its own. */
  compact: "first" | "beside" | "line";
  /** Whether a compact row names it, as it has no header there. */
  isNamed?: boolean;
  isAmount?: boolean;
  /** Links and buttons take `tabIndex`, so that Tab visits only those of the current row. */
  cell: (row: Row, tabIndex: number) => ReactNode;
};

/** A possible decision: a button on the row and for the selection, and a key. */
export type Choice<Row> = {
  /** One lower-case letter. */
  key: string;
  /** What the key does, as in “C confirms”. */
  does: string;
  isMain?: boolean;
  label: (row: Row) => string;
  labelOfAll: (rows: Row[]) => string;
  isOffered?: (row: Row) => boolean;
  isPossible?: (row: Row) => boolean;
  take: (rows: Row[]) => void;
};

/** A way to select all rows of one kind, such as “missing at the bank”. */
export type Kind<Row> = { label: MessageDescriptor; isOf: (row: Row) => boolean };

/** Whether this choice can be taken for this row now. */
export function isOpen<Row>(choice: Choice<Row>, row: Row): boolean {
  return choice.isOffered?.(row) !== false && choice.isPossible?.(row) !== false;
}
