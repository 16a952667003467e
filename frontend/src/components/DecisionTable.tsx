import { ph, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button, Checkbox, Group, Paper, Text } from "@mantine/core";
import { clsx } from "clsx";
import {
  type CSSProperties,
  type KeyboardEvent,
  type ReactNode,
  type SyntheticEvent,
  useCallback,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { formatCount } from "../lib/formatCount";
import { listed } from "../lib/listed";
import { useSelection } from "../lib/useSelection";
import { DecisionRow } from "./DecisionRow";
import { type Choice, type Column, isOpen, type Kind } from "./decisions";
import classes from "./DecisionTable.module.css";

type Props<Row> = {
  label: string;
  rows: Row[];
  /** Names a row for its checkbox. */
  nameOf: (row: Row) => string;
  columns: Column<Row>[];
  choices: Choice<Row>[];
  kinds?: Kind<Row>[];
  /** Shown before the buttons of a row, such as when it was decided. */
  stateOf?: (row: Row) => ReactNode;
  /** The width of the buttons' column. */
  choicesWidth: string;
  isBusy: boolean;
};

/** Rows that wait for a decision, each with its buttons; several are decided at once by the selection or by keys. */
export function DecisionTable<Row extends { id: string }>(props: Props<Row>) {
  const { rows, columns, choices, kinds = [], nameOf, isBusy } = props;
  const selection = useSelection(rows);
  const [current, setCurrent] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const hasDecided = useRef(false);
  const id = useId();
  const at = Math.min(current, rows.length - 1);
  const chosen = rows.filter((row) => selection.ids.has(row.id));
  useEffect(() => {
    // The decided row left with the focus, so the keys continue at the row in its place.
    if (!hasDecided.current || isBusy) return;
    hasDecided.current = false;
    if (document.activeElement === document.body) box.current?.focus({ preventScroll: true });
  }, [rows, isBusy]);

  const tracks = { "--columns": [...columns.map(({ width }) => width), props.choicesWidth].join(" ") } as CSSProperties;
  const presentKinds = kinds
    .map(({ label, isOf }) => ({ label: t(label), ids: rows.filter(isOf).map((row) => row.id) }))
    .filter(({ ids }) => ids.length > 0);
  function decide(choice: Choice<Row>, wanted: Row[]) {
    const open = wanted.filter((row) => isOpen(choice, row));
    if (isBusy || open.length === 0) return;
    hasDecided.current = true;
    choice.take(open);
  }
  // The same functions at each render, so that only the rows that changed are drawn again.
  const live = useRef({ decide, toggle: selection.toggle });
  useLayoutEffect(() => {
    live.current = { decide, toggle: selection.toggle };
  });
  const onDecide = useCallback((choice: Choice<Row>, row: Row) => live.current.decide(choice, [row]), []);
  const onToggle = useCallback((rowId: string, isRange: boolean) => live.current.toggle(rowId, isRange), []);
  function move(to: number) {
    const index = Math.max(0, Math.min(rows.length - 1, to));
    setCurrent(index);
    box.current?.focus({ preventScroll: true });
    document.getElementById(`${id}-${index}`)?.scrollIntoView({ block: "nearest" });
  }
  function onKeyDown(event: KeyboardEvent) {
    const row = rows[at];
    if (row === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    const moves: Record<string, number> = {
      arrowdown: at + 1,
      j: at + 1,
      arrowup: at - 1,
      k: at - 1,
      home: 0,
      end: rows.length - 1,
    };
    const to = moves[key];
    const choice = choices.find((one) => one.key === key);
    if (to !== undefined) move(to);
    else if (key === " " && !isControl(event.target)) selection.toggle(row.id, event.shiftKey);
    else if (choice) decide(choice, chosen.length > 0 ? chosen : [row]);
    else return;
    event.preventDefault();
  }
  function follow({ target }: SyntheticEvent) {
    const index = target instanceof Element && target.closest<HTMLElement>("[data-index]")?.dataset.index;
    if (index) setCurrent(Number(index));
  }

  return (
    <div className={classes.box}>
      <Text size="xs" c="dimmed" visibleFrom="sm" id={`${id}-keys`} mb={4}>
        <Trans>
          Keys in the list: arrows or J and K move, Space selects,{" "}
          {ph({ choices: listed(choices.map(({ key, does }) => `${key.toUpperCase()} ${does}`)) })} – all selected rows,
          or the current one. Ctrl+Z undoes the last decision.
        </Trans>
      </Text>
      {presentKinds.length > 1 && (
        <Group gap="xs" mb="xs">
          {presentKinds.map(({ label, ids }) => (
            <Button key={label} size="xs" variant="default" onClick={() => selection.set(ids)}>
              <Trans>
                Select {ph({ ids: formatCount(ids.length) })} {label}
              </Trans>
            </Button>
          ))}
        </Group>
      )}
      <div
        ref={box}
        role="grid"
        tabIndex={0}
        className={classes.grid}
        aria-label={props.label}
        aria-describedby={`${id}-keys`}
        aria-multiselectable="true"
        aria-activedescendant={`${id}-${at}`}
        style={tracks}
        onKeyDown={onKeyDown}
        onMouseDown={follow}
        onFocus={follow}
      >
        <div role="row" className={classes.head}>
          <div role="columnheader" className={classes.select}>
            <Checkbox
              id={`${id}-all`}
              size="xs"
              aria-label={t`Select all shown`}
              checked={chosen.length === rows.length}
              indeterminate={chosen.length > 0 && chosen.length < rows.length}
              onChange={(event) => selection.setAll(event.currentTarget.checked)}
            />
            <label htmlFor={`${id}-all`} className={classes.all}>
              <Trans>Select all shown</Trans>
            </label>
          </div>
          {columns.map(({ title, isAmount }) => (
            <div key={title} role="columnheader" data-title className={clsx(isAmount && classes.amount)}>
              {title}
            </div>
          ))}
          <div role="columnheader" data-title>
            <Trans>Decision</Trans>
          </div>
        </div>
        <div role="rowgroup">
          {rows.map((row, index) => (
            <DecisionRow
              key={row.id}
              id={`${id}-${index}`}
              index={index}
              row={row}
              nameOf={nameOf}
              columns={columns}
              choices={choices}
              stateOf={props.stateOf}
              isCurrent={index === at}
              isSelected={selection.ids.has(row.id)}
              isBusy={isBusy}
              onToggle={onToggle}
              onDecide={onDecide}
            />
          ))}
        </div>
      </div>
      {chosen.length > 0 && (
        <Paper withBorder shadow="md" p="xs" role="region" aria-label={t`Selected rows`} className={classes.bulk}>
          <Group gap="xs" justify="space-between">
            <Text size="sm" fw={600} aria-live="polite">
              <Trans>{ph({ chosen: formatCount(chosen.length) })} selected</Trans>
            </Text>
            <Group gap="xs">
              {choices.map((choice) => {
                const open = chosen.filter((row) => isOpen(choice, row));
                return (
                  open.length > 0 && (
                    <Button
                      key={choice.key}
                      size="xs"
                      variant={choice.isMain ? "filled" : "default"}
                      loading={isBusy}
                      onClick={() => decide(choice, open)}
                    >
                      {choice.labelOfAll(open)}
                    </Button>
                  )
                );
              })}
              <Button size="xs" variant="subtle" onClick={selection.clear}>
                <Trans>Clear selection</Trans>
              </Button>
            </Group>
          </Group>
        </Paper>
      )}
    </div>
  );
}

/** Whether Space has a meaning of its own there. */
function isControl(target: EventTarget): boolean {
  return target instanceof Element && target.closest("button, input, a") !== null;
}
