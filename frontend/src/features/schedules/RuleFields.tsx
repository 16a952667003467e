import { msg, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Group, NumberInput, SegmentedControl, Select, Stack, Text, TextInput } from "@mantine/core";
import { TimeField } from "../../components/TimeField";
import type { ScheduleValues } from "./scheduleValues";

type Props = { values: ScheduleValues; onChange: (change: Partial<ScheduleValues>) => void };

const HOW_OFTEN = [
  { value: "daily", label: msg`Daily` },
  { value: "weekly", label: msg`Weekly` },
  { value: "monthly", label: msg`Monthly` },
  { value: "cron", label: msg`Cron` },
];
const WEEKDAYS = [msg`Monday`, msg`Tuesday`, msg`Wednesday`, msg`Thursday`, msg`Friday`, msg`Saturday`, msg`Sunday`];

/** How often and when a schedule runs. */
export function RuleFields({ values, onChange }: Props) {
  return (
    <Stack gap="sm">
      <div>
        <Text size="sm" fw={500} mb={4} id="how-often">
          <Trans>How often</Trans>
        </Text>
        <SegmentedControl
          aria-labelledby="how-often"
          data={HOW_OFTEN.map(({ value, label }) => ({ value, label: t(label) }))}
          value={values.frequency}
          // The control only knows the values of HOW_OFTEN.
          onChange={(frequency) => onChange({ frequency: frequency as ScheduleValues["frequency"] })}
        />
      </div>
      <Group align="flex-start" grow preventGrowOverflow={false}>
        {values.frequency === "weekly" && (
          <Select
            label={t`Weekday`}
            data={WEEKDAYS.map((label, index) => ({ value: String(index + 1), label: t(label) }))}
            value={String(values.weekday)}
            onChange={(weekday) => onChange({ weekday: Number(weekday ?? 1) })}
            allowDeselect={false}
          />
        )}
        {values.frequency === "monthly" && (
          <NumberInput
            label={t`Day of the month`}
            description={Number(values.dayOfMonth) > 28 ? t`The last day in shorter months` : undefined}
            inputWrapperOrder={["label", "input", "description", "error"]}
            min={1}
            max={31}
            value={values.dayOfMonth}
            onChange={(dayOfMonth) => onChange({ dayOfMonth })}
          />
        )}
        {values.frequency === "cron" ? (
          <TextInput
            label={t`Cron expression`}
            description={t`Minute, hour, day of month, month, weekday`}
            inputWrapperOrder={["label", "input", "description", "error"]}
            value={values.cron}
            onChange={(event) => onChange({ cron: event.currentTarget.value })}
          />
        ) : (
          <TimeField label={t`Time`} value={values.runTime} onChange={(runTime) => onChange({ runTime })} />
        )}
        <Select
          label={t`Time zone`}
          data={timeZones(values.timeZone)}
          value={values.timeZone}
          onChange={(timeZone) => onChange({ timeZone: timeZone ?? "UTC" })}
          searchable
          allowDeselect={false}
          limit={100}
          nothingFoundMessage={t`No such zone`}
        />
      </Group>
    </Stack>
  );
}

function timeZones(chosen: string): string[] {
  return [...new Set(["UTC", chosen, ...Intl.supportedValuesOf("timeZone")])];
}
