import { t } from "@lingui/core/macro";
import { Button, Checkbox } from "@mantine/core";
import { clsx } from "clsx";
import { memo, type ReactNode } from "react";
import { type Choice, type Column, isOpen } from "./decisions";
import classes from "./DecisionTable.module.css";

type Props<Row> = {
  id: string;
  index: number;
  row: Row;
  nameOf: (row: Row) => string;
  columns: Column<Row>[];
  choices: Choice<Row>[];
  stateOf: ((row: Row) => ReactNode) | undefined;
  /** Whether keys act on this row. */
  isCurrent: boolean;
  isSelected: boolean;
  isBusy: boolean;
  onToggle: (id: string, isRange: boolean) => void;
  onDecide: (choice: Choice<Row>, row: Row) => void;
};

/** One row of a table of decisions, drawn again only if it changed. */
export const DecisionRow = memo(function DecisionRow<Row extends { id: string }>(props: Props<Row>) {
  const { row, isCurrent, isSelected } = props;
  const tabIndex = isCurrent ? 0 : -1;
  return (
    <div
      id={props.id}
      role="row"
      aria-selected={isSelected}
      className={classes.row}
      data-index={props.index}
      data-active={isCurrent || undefined}
      data-selected={isSelected || undefined}
    >
      <div role="gridcell">
        <Checkbox
          size="xs"
          tabIndex={tabIndex}
          aria-label={t`Select ${{ row: props.nameOf(row) }}`}
          checked={isSelected}
          onChange={() => undefined}
          onClick={(event) => props.onToggle(row.id, event.shiftKey)}
        />
      </div>
      {props.columns.map((column) => (
        <div
          key={column.title}
          role="gridcell"
          className={clsx(classes.cell, column.isAmount && classes.amount)}
          data-compact={column.compact}
          data-named={column.isNamed ? column.title : undefined}
        >
          <div className={classes.content}>{column.cell(row, tabIndex)}</div>
        </div>
      ))}
      <div role="gridcell" className={classes.choices}>
        {props.stateOf?.(row)}
        {props.choices.map(
          (choice) =>
            choice.isOffered?.(row) !== false && (
              <Button
                key={choice.key}
                size="compact-sm"
                variant={choice.isMain ? "filled" : "default"}
                tabIndex={tabIndex}
                disabled={props.isBusy || !isOpen(choice, row)}
                onClick={() => props.onDecide(choice, row)}
              >
                {choice.label(row)}
              </Button>
            ),
        )}
      </div>
    </div>
  );
}) as <Row extends { id: string }>(props: Props<Row>) => ReactNode;
