import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Checkbox, Loader } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type MouseEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Transaction } from "../../api/types";
import { type Field, useRowActions } from "./rowActions";
import { TransactionCard } from "./TransactionCard";
import { TransactionRow } from "./TransactionRow";
import classes from "./transactions.module.css";

const ROW_PX = 44;
const CARD_PX = 84;
const HEAD_PX = 36;
const NEAR_END = 60;

type Props = {
  label: string;
  describedBy: string;
  /** Whether these are still the previous rows, while the requested ones load. */
  isStale: boolean;
  rows: Transaction[];
  /** The total number of rows; more than `rows` until all are loaded. */
  total: number;
  hasMore: boolean;
  isLoadingMore: boolean;
  onNearEnd: () => void;
  accountName: (accountId: string) => string;
  categories: string[];
  selected: ReadonlySet<string>;
  onSelectAll: (isOn: boolean) => void;
  editing: { id: string; field: Field } | null;
  /** The row that the drawer shows. */
  openId: string | undefined;
};

/** A list that renders only the visible rows. Arrow keys move, Enter opens, Space selects. */
export function TransactionList(props: Props) {
  const { rows, selected, editing, hasMore, isLoadingMore, onNearEnd } = props;
  const isNarrow = useMediaQuery("(max-width: 48em)", undefined, { getInitialValueInEffect: false });
  const actions = useRowActions();
  const box = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [active, setActive] = useState(0);
  useLayoutEffect(() => {
    // The content above the list changes its height with filters and pending rows.
    const measure = () => setTop((body.current?.getBoundingClientRect().top ?? 0) + window.scrollY);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, []);
  const height = isNarrow ? CARD_PX : ROW_PX;
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => height,
    overscan: 12,
    scrollMargin: top,
    scrollPaddingStart: 60 + HEAD_PX,
    scrollPaddingEnd: 60,
    getItemKey: (index) => rows[index]?.id ?? index,
  });
  useEffect(() => virtual.measure(), [virtual, height]);
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && !isLoadingMore && last >= rows.length - NEAR_END) onNearEnd();
  }, [hasMore, isLoadingMore, last, rows.length, onNearEnd]);

  function move(to: number) {
    const index = Math.max(0, Math.min(rows.length - 1, to));
    setActive(index);
    virtual.scrollToIndex(index, { align: "auto" });
  }
  function onKeyDown(event: KeyboardEvent) {
    const page = Math.max(1, Math.floor((window.innerHeight - 160) / height));
    const row = rows[active];
    const moves: Record<string, number> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + page,
      PageUp: active - page,
      Home: 0,
      End: rows.length - 1,
    };
    const to = moves[event.key];
    if (to !== undefined) move(to);
    else if (row && event.key === "Enter") actions.open(row.id);
    else if (row && event.key === " ") actions.toggle(row.id, event.shiftKey);
    else if (row && !isNarrow && event.key === "c") actions.beginEdit(row.id, "category");
    else if (row && !isNarrow && event.key === "m") actions.beginEdit(row.id, "merchant");
    else return;
    event.preventDefault();
  }
  function indexUnder(target: Element): number | null {
    const index = target.closest<HTMLElement>("[data-index]")?.dataset.index;
    return index === undefined ? null : Number(index);
  }
  function onMouseDown({ target }: MouseEvent) {
    const index = target instanceof Element ? indexUnder(target) : null;
    if (index !== null) setActive(index);
  }
  function onClick({ target }: MouseEvent) {
    // Checkboxes and fields in edit take clicks themselves.
    if (!(target instanceof Element) || target.closest("[data-own-click]")) return;
    const index = indexUnder(target);
    const row = index === null ? undefined : rows[index];
    if (row) actions.open(row.id);
  }
  const { openId } = props;
  const lastOpen = useRef(openId);
  useEffect(() => {
    // After the drawer the keys continue from the row that it showed last.
    if (lastOpen.current !== undefined && openId === undefined) {
      const index = rows.findIndex((row) => row.id === lastOpen.current);
      if (index >= 0) setActive(index);
      box.current?.focus({ preventScroll: true });
    }
    lastOpen.current = openId;
  }, [openId, rows]);
  useEffect(() => {
    // After an edit in place the keys continue from the row, not from the top of the page.
    if (editing === null && document.activeElement === document.body && active > 0)
      box.current?.focus({ preventScroll: true });
  }, [editing, active]);

  const Row = isNarrow ? TransactionCard : TransactionRow;
  const activeId =
    rows[active] && items.some((item) => item.index === active) ? `transaction-${rows[active].id}` : undefined;
  return (
    <div
      ref={box}
      role="grid"
      tabIndex={0}
      className={classes.grid}
      aria-label={props.label}
      aria-describedby={props.describedBy}
      aria-busy={props.isStale}
      style={props.isStale ? { opacity: 0.6 } : {}}
      aria-rowcount={props.total + (isNarrow ? 0 : 1)}
      aria-multiselectable="true"
      aria-activedescendant={activeId}
      onKeyDown={onKeyDown}
      onMouseDown={onMouseDown}
      onClick={onClick}
    >
      {!isNarrow && (
        <div role="row" aria-rowindex={1} className={classes.head}>
          <div role="columnheader">
            <Checkbox
              size="xs"
              tabIndex={-1}
              aria-label={t`Select all rows that are loaded`}
              checked={rows.length > 0 && selected.size >= rows.length}
              indeterminate={selected.size > 0 && selected.size < rows.length}
              onChange={(event) => props.onSelectAll(event.currentTarget.checked)}
            />
          </div>
          <div role="columnheader">
            <Trans>Day</Trans>
          </div>
          <div role="columnheader">
            <Trans>Description</Trans>
          </div>
          <div role="columnheader">
            <Trans>Merchant</Trans>
          </div>
          <div role="columnheader">
            <Trans>Category</Trans>
          </div>
          <div role="columnheader" className={classes.account}>
            <Trans>Account</Trans>
          </div>
          <div role="columnheader" className={classes.amount}>
            <Trans>Amount</Trans>
          </div>
        </div>
      )}
      <div ref={body} role="rowgroup" style={{ height: virtual.getTotalSize(), position: "relative" }}>
        {items.map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          return (
            <div
              key={item.key}
              id={`transaction-${row.id}`}
              data-index={item.index}
              role="row"
              aria-rowindex={item.index + (isNarrow ? 1 : 2)}
              aria-selected={selected.has(row.id)}
              style={{
                position: "absolute",
                insetInline: 0,
                top: 0,
                height: item.size,
                transform: `translateY(${item.start - virtual.options.scrollMargin}px)`,
              }}
            >
              <Row
                row={row}
                accountName={props.accountName(row.account_id)}
                isActive={item.index === active}
                isSelected={selected.has(row.id)}
                editing={editing?.id === row.id ? editing.field : null}
                categories={props.categories}
              />
            </div>
          );
        })}
      </div>
      {isLoadingMore && (
        <div role="row" style={{ display: "flex", justifyContent: "center", padding: 12 }}>
          <div role="gridcell">
            <Loader size="sm" aria-label={t`Loading more rows`} />
          </div>
        </div>
      )}
    </div>
  );
}
