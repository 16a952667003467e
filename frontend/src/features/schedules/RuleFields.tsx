import { Group, NumberInput, SegmentedControl, Select, Stack, Text, TextInput } from "@mantine/core";
import { TimeField } from "../../components/TimeField";
import type { ScheduleValues } from "./scheduleValues";

type Props = { values: ScheduleValues; onChange: (change: Partial<ScheduleValues>) => void };

const HOW_OFTEN = [
  { value: "daily", label: "Daily" },
  { value: "weekly", label: "Weekly" },
  { value: "monthly", label: "Monthly" },
  { value: "cron", label: "Cron" },
];
const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/** How often and when a schedule runs. */
export function RuleFields({ values, onChange }: Props) {
  return (
    <Stack gap="sm">
      <div>
        <Text size="sm" fw={500} mb={4} id="how-often">
          How often
        </Text>
        <SegmentedControl
          aria-labelledby="how-often"
          data={HOW_OFTEN}
          value={values.frequency}
          // The control only knows the values of HOW_OFTEN.
          onChange={(frequency) => onChange({ frequency: frequency as ScheduleValues["frequency"] })}
        />
      </div>
      <Group align="flex-start" grow preventGrowOverflow={false}>
        {values.frequency === "weekly" && (
          <Select
            label="Weekday"
            data={WEEKDAYS.map((label, index) => ({ value: String(index + 1), label }))}
            value={String(values.weekday)}
            onChange={(weekday) => onChange({ weekday: Number(weekday ?? 1) })}
            allowDeselect={false}
          />
        )}
        {values.frequency === "monthly" && (
          <NumberInput
            label="Day of the month"
            description={Number(values.dayOfMonth) > 28 ? "The last day in shorter months" : undefined}
            inputWrapperOrder={["label", "input", "description", "error"]}
            min={1}
            max={31}
            value={values.dayOfMonth}
            onChange={(dayOfMonth) => onChange({ dayOfMonth })}
          />
        )}
        {values.frequency === "cron" ? (
          <TextInput
            label="Cron expression"
            description="Minute, hour, day of month, month, weekday"
            inputWrapperOrder={["label", "input", "description", "error"]}
            value={values.cron}
            onChange={(event) => onChange({ cron: event.currentTarget.value })}
          />
        ) : (
          <TimeField label="Time" value={values.runTime} onChange={(runTime) => onChange({ runTime })} />
        )}
        <Select
          label="Time zone"
          data={timeZones(values.timeZone)}
          value={values.timeZone}
          onChange={(timeZone) => onChange({ timeZone: timeZone ?? "UTC" })}
          searchable
          allowDeselect={false}
          limit={100}
          nothingFoundMessage="No such zone"
        />
      </Group>
    </Stack>
  );
}

function timeZones(chosen: string): string[] {
  return [...new Set(["UTC", chosen, ...Intl.supportedValuesOf("timeZone")])];
}
