import type { MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Chip, Group, Stack, Text } from "@mantine/core";
import { DatePicker } from "@mantine/dates";
import { calendarWords, DayField } from "../../../components/DayField";
import { daysAgo } from "../../../lib/dates";
import { type Change, type Choice, faultOfDays, RANGES, type RangeName, rangeOf } from "./choice";
import classes from "./wizard.module.css";

type Props = { choice: Choice; onChange: (change: Change) => void };

const EXPLAINED: Partial<Record<RangeName, MessageDescriptor>> = {
  all: msg`As far back as the bank allows: about two years, up to six at some banks.`,
  since: msg`All days since the last stored ones, and the most recent days again.`,
};

/** Chooses the days. */
export function DaysStep({ choice, onChange }: Props) {
  const range = rangeOf(choice);
  const fault = faultOfDays(choice);
  return (
    <Stack>
      <fieldset className={classes.fieldset}>
        <legend className={classes.legend}>
          <Trans>Days to import</Trans>
        </legend>
        <Chip.Group value={range} onChange={(value) => onChange({ range: value })}>
          <Group gap="xs">
            {Object.entries(RANGES).map(([name, { label }]) => (
              <Chip key={name} value={name} name="range">
                {t(label)}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
      </fieldset>
      {EXPLAINED[range] && <Text c="dimmed">{t(EXPLAINED[range])}</Text>}
      {range === "custom" && (
        <Group align="flex-start" gap="xl">
          <Stack>
            <DayField
              label={t`First day`}
              hasCalendar={false}
              value={choice.from}
              max={daysAgo(0)}
              onChange={(from) => onChange({ from })}
            />
            <DayField
              label={t`Last day`}
              description={t`Leave empty for today`}
              hasCalendar={false}
              value={choice.to}
              max={daysAgo(0)}
              onChange={(to) => onChange({ to })}
            />
          </Stack>
          <DatePicker
            type="range"
            hideOutsideDates
            ariaLabels={calendarWords()}
            allowSingleDateInRange
            value={[choice.from ?? null, choice.to ?? null]}
            maxDate={daysAgo(0)}
            onChange={([from, to]) => onChange({ from: from ?? undefined, to: to ?? undefined })}
            aria-label={t`Days to import`}
            classNames={{ day: classes.day }}
          />
        </Group>
      )}
      {fault && (
        <Text c="red" role="alert">
          {fault}
        </Text>
      )}
    </Stack>
  );
}
