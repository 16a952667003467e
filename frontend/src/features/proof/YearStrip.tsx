import { t } from "@lingui/core/macro";
import { Text, VisuallyHidden } from "@mantine/core";
import { formatMonth } from "../../lib/dates";
import { labelled, listed } from "../../lib/listed";
import { STAND_NAMES } from "../../lib/proofWords";
import { countStands, type Month } from "./days";
import classes from "./proof.module.css";
import { HEIGHTS } from "./stateSigns";

type Props = { months: Month[]; chosen: string | null; onChoose: (month: string) => void };

/** All days as bars, with a button per month that describes its days in words. */
export function YearStrip({ months, chosen, onChoose }: Props) {
  const years = [...new Set(months.map((month) => month.month.slice(0, 4)))];
  return (
    <div className={classes.years} role="group" aria-label={t`Months`}>
      {years.map((year) => (
        <div key={year} className={classes.year}>
          <span className={classes.yearName}>{year}</span>
          {Array.from({ length: 12 }, (_, index) => {
            const name = `${year}-${String(index + 1).padStart(2, "0")}`;
            const month = months.find((item) => item.month === name);
            if (!month) return <span key={name} />;
            return <MonthTile key={name} month={month} isChosen={chosen === name} onChoose={onChoose} />;
          })}
        </div>
      ))}
    </div>
  );
}

function daysIn(state: string, days: number): string {
  return t`${days} ${state}`;
}

type TileProps = { month: Month; isChosen: boolean; onChoose: (month: string) => void };

function MonthTile({ month, isChosen, onChoose }: TileProps) {
  const counts = countStands(month.runs);
  const broken = counts.find((item) => item.stand === "broken")?.days ?? 0;
  const words = listed(counts.map(({ stand, days }) => daysIn(t(STAND_NAMES[stand]), days)));
  return (
    <button
      type="button"
      className={classes.month}
      aria-pressed={isChosen}
      title={labelled(formatMonth(month.month), words)}
      onClick={() => onChoose(month.month)}
    >
      <span className={classes.monthName}>
        {formatMonth(month.month, "short")}
        <VisuallyHidden>{labelled(month.month.slice(0, 4), words)}</VisuallyHidden>
        {broken > 0 && (
          <Text
            span
            fz={11}
            fw={700}
            c="light-dark(var(--mantine-color-red-9), var(--mantine-color-red-4))"
            aria-hidden
          >
            {broken}!
          </Text>
        )}
      </span>
      <svg className={classes.bars} viewBox={`0 0 ${month.days} 10`} preserveAspectRatio="none" aria-hidden>
        {month.runs.map((run) => (
          <rect
            key={run.first}
            className={classes[run.stand]}
            x={run.first - 1}
            width={run.last - run.first + 1}
            y={10 - 10 * HEIGHTS[run.stand]}
            height={10 * HEIGHTS[run.stand]}
            fill="var(--stand)"
          />
        ))}
      </svg>
    </button>
  );
}
