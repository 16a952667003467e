import { t } from "@lingui/core/macro";
import { DateInput } from "@mantine/dates";
import "@mantine/dates/styles.css";
import type { CSSProperties } from "react";
import { DAY_FORMAT } from "../lib/dates";
import { readDay } from "../lib/readDates";

type Props = {
  label: string;
  description?: string;
  value: string | undefined;
  /** The first and the last day that can be chosen. */
  min?: string | undefined;
  max?: string | undefined;
  /** Whether the field may be empty. */
  isOptional?: boolean;
  /** Whether a calendar opens below the field. */
  hasCalendar?: boolean;
  style?: CSSProperties;
  onChange: (day: string | undefined) => void;
};

/** What the buttons of every calendar are called. */
export function calendarWords() {
  return {
    previousMonth: t`Previous month`,
    nextMonth: t`Next month`,
    previousYear: t`Previous year`,
    nextYear: t`Next year`,
    previousDecade: t`Previous decade`,
    nextDecade: t`Next decade`,
  };
}

/** A field for a day; every field of the page writes days as texts do, and also reads other unambiguous forms. */
export function DayField({ value, min, max, isOptional = true, hasCalendar = true, onChange, ...field }: Props) {
  return (
    <DateInput
      {...field}
      valueFormat={DAY_FORMAT}
      dateParser={readDay}
      placeholder={t`such as 31 Jan 2026`}
      value={value ?? null}
      allowDeselect={isOptional}
      ariaLabels={calendarWords()}
      popoverProps={{ disabled: !hasCalendar }}
      {...(min && { minDate: min })}
      {...(max && { maxDate: max })}
      onChange={(day) => (day !== null || isOptional) && onChange(day ?? undefined)}
    />
  );
}
