import { Table, type TableScrollContainerProps } from "@mantine/core";
import classes from "./WideTable.module.css";

/**
 * Holds a table of many columns. On a phone, where they have no room, each row is a block: its first cell, and below it
 * the others, each after the name of its column, which is its `data-label`.
 */
export function WideTable(props: TableScrollContainerProps) {
  return <Table.ScrollContainer className={classes.wide} {...props} />;
}
