import { NumberInput, Select, Stack } from "@mantine/core";
import type { ScheduleValues } from "./scheduleValues";

type Props = { values: ScheduleValues; onChange: (change: Partial<ScheduleValues>) => void };

const OVERLAP = [
  { value: "skip", label: "Skip the new run" },
  { value: "queue", label: "Let the new run wait" },
];
const CATCH_UP = [
  { value: "one", label: "Make up for all of them in one run" },
  { value: "all", label: "Make each of them up, seven at most" },
  { value: "none", label: "Leave them out" },
];

/** What becomes of runs that overlap, were missed, or fail. */
export function PolicyFields({ values, onChange }: Props) {
  return (
    <Stack gap="sm">
      <Select
        label="While an earlier run is under way"
        data={OVERLAP}
        value={values.overlap}
        // The list only holds these two.
        onChange={(overlap) => onChange({ overlap: (overlap ?? "skip") as ScheduleValues["overlap"] })}
        allowDeselect={false}
      />
      <Select
        label="Runs that were missed while bankimport was off"
        data={CATCH_UP}
        value={values.catchUp}
        // The list only holds these three.
        onChange={(catchUp) => onChange({ catchUp: (catchUp ?? "one") as ScheduleValues["catchUp"] })}
        allowDeselect={false}
      />
      <NumberInput
        label="Minutes that a run may begin later"
        description="Spreads calls, so that banks are not hit at the full hour"
        inputWrapperOrder={["label", "input", "description", "error"]}
        min={0}
        max={55}
        value={values.jitterMinutes}
        onChange={(jitterMinutes) => onChange({ jitterMinutes })}
      />
      <NumberInput
        label="Pause after failures in a row"
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
