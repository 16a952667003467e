import { ph, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { ActionIcon, Group, Text, VisuallyHidden } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { clsx } from "clsx";
import type { KeyboardEvent } from "react";
import { formatDay, formatMonth, weekdays } from "../../lib/dates";
import { formatMoney } from "../../lib/formatMoney";
import { labelled, listed } from "../../lib/listed";
import { proofWords } from "../../lib/proofWords";
import { dayOf, type Month, nextMonth } from "./days";
import classes from "./proof.module.css";
import { SIGNS } from "./stateSigns";

type Props = {
  month: Month;
  currency: string;
  chosen: string | null;
  hasBefore: boolean;
  hasAfter: boolean;
  onChooseDay: (day: string) => void;
  onChooseMonth: (month: string) => void;
};

/** One month: a button per day, with a sign and words for its state; arrow keys move by days and weeks. */
export function MonthCalendar(props: Props) {
  const { month, currency, chosen, onChooseDay, onChooseMonth } = props;
  const before = (new Date(`${month.month}-01T00:00:00Z`).getUTCDay() + 6) % 7;
  const tabStop = chosen?.startsWith(month.month) ? Number(chosen.slice(8)) : (month.runs[0]?.first ?? 1);
  function onKeyDown(event: KeyboardEvent<HTMLButtonElement>) {
    const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const day = Number(event.currentTarget.dataset.number) + step;
    event.currentTarget.parentElement?.querySelector<HTMLElement>(`[data-number="${day}"]`)?.focus();
  }
  return (
    <section aria-label={formatMonth(month.month)}>
      <Group justify="space-between" mb="xs">
        <ActionIcon
          variant="default"
          aria-label={t`Previous month`}
          disabled={!props.hasBefore}
          onClick={() => onChooseMonth(nextMonth(month.month, -1))}
        >
          <IconChevronLeft size={16} aria-hidden />
        </ActionIcon>
        <Text fw={600}>{formatMonth(month.month)}</Text>
        <ActionIcon
          variant="default"
          aria-label={t`Next month`}
          disabled={!props.hasAfter}
          onClick={() => onChooseMonth(nextMonth(month.month))}
        >
          <IconChevronRight size={16} aria-hidden />
        </ActionIcon>
      </Group>
      <div className={classes.days} role="group" aria-label={t`Days`}>
        {weekdays().map((name) => (
          <span key={name} className={classes.weekday} aria-hidden>
            {name}
          </span>
        ))}
        {Array.from({ length: before }, (_, index) => (
          <span key={`before ${index}`} />
        ))}
        {Array.from({ length: month.days }, (_, index) => {
          const number = index + 1;
          const day = dayOf(month.month, number);
          const run = month.runs.find((item) => item.first <= number && number <= item.last);
          if (!run) {
            return (
              <button key={day} type="button" className={classes.day} disabled>
                <span aria-hidden>{number}</span>
                <VisuallyHidden>
                  <Trans>{ph({ day: formatDay(day) })}: unknown</Trans>
                </VisuallyHidden>
              </button>
            );
          }
          const missing = run.stretch.missing_amount;
          const facts = listed([
            proofWords(run.stretch),
            missing !== null && t`${{ missing: formatMoney(missing, currency) }} missing`,
          ]);
          const words = labelled(formatDay(day), facts);
          return (
            <button
              key={day}
              type="button"
              className={clsx(classes.day, classes[run.stand])}
              data-stand={run.stand}
              data-number={number}
              tabIndex={number === tabStop ? 0 : -1}
              aria-pressed={chosen === day}
              title={words}
              onKeyDown={onKeyDown}
              onClick={() => onChooseDay(day)}
            >
              <span aria-hidden>{number}</span>
              <VisuallyHidden>{words}</VisuallyHidden>
              <span className={classes.glyph} aria-hidden>
                {SIGNS[run.stand]}
              </span>
            </button>
          );
        })}
      </div>
    </section>
  );
}
