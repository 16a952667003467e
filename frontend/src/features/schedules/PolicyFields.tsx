import { NumberInput, Select, Stack } from "@mantine/core";
import type { ScheduleValues } from "./scheduleValues";

type Props = { values: ScheduleValues; onChange: (change: Partial<ScheduleValues>) => void };

const OVERLAP = [
  { value: "skip", label: "Skip the new run" },
  { value: "queue", label: "Queue the new run" },
];
const CATCH_UP = [
  { value: "one", label: "Catch up in one run" },
  { value: "all", label: "Catch up each run, at most seven" },
  { value: "none", label: "Skip them" },
];

/** What becomes of runs that overlap, were missed, or fail. */
export function PolicyFields({ values, onChange }: Props) {
  return (
    <Stack gap="sm">
      <Select
        label="If an earlier run is still running"
        data={OVERLAP}
        value={values.overlap}
        // The list only holds these two.
        onChange={(overlap) => onChange({ overlap: (overlap ?? "skip") as ScheduleValues["overlap"] })}
        allowDeselect={false}
      />
      <Select
        label="Runs missed while bankimport was off"
        data={CATCH_UP}
        value={values.catchUp}
        // The list only holds these three.
        onChange={(catchUp) => onChange({ catchUp: (catchUp ?? "one") as ScheduleValues["catchUp"] })}
        allowDeselect={false}
      />
      <NumberInput
        label="Random delay in minutes"
        description="Spreads calls so that they do not all start on the hour"
        inputWrapperOrder={["label", "input", "description", "error"]}
        min={0}
        max={55}
        value={values.jitterMinutes}
        onChange={(jitterMinutes) => onChange({ jitterMinutes })}
      />
      <NumberInput
        label="Pause after consecutive failures"
        description="0: never"
        inputWrapperOrder={["label", "input", "description", "error"]}
        min={0}
        max={100}
        value={values.pauseAfter}
        onChange={(pauseAfter) => onChange({ pauseAfter })}
      />
    </Stack>
  );
}
