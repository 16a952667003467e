import { msg, t } from "@lingui/core/macro";
import { NumberInput, Select, Stack } from "@mantine/core";
import type { ScheduleValues } from "./scheduleValues";

type Props = { values: ScheduleValues; onChange: (change: Partial<ScheduleValues>) => void };

const OVERLAP = [
  { value: "skip", label: msg`Skip the new run` },
  { value: "queue", label: msg`Queue the new run` },
];
const CATCH_UP = [
  { value: "one", label: msg`Catch up in one run` },
  { value: "all", label: msg`Catch up each run, at most seven` },
  { value: "none", label: msg`Skip them` },
];

/** What becomes of runs that overlap, were missed, or fail. */
export function PolicyFields({ values, onChange }: Props) {
  return (
    <Stack gap="sm">
      <Select
        label={t`If an earlier run is still running`}
        data={OVERLAP.map(({ value, label }) => ({ value, label: t(label) }))}
        value={values.overlap}
        // The list only holds these two.
        onChange={(overlap) => onChange({ overlap: (overlap ?? "skip") as ScheduleValues["overlap"] })}
        allowDeselect={false}
      />
      <Select
        label={t`Runs missed while bankimport was off`}
        data={CATCH_UP.map(({ value, label }) => ({ value, label: t(label) }))}
        value={values.catchUp}
        // The list only holds these three.
        onChange={(catchUp) => onChange({ catchUp: (catchUp ?? "one") as ScheduleValues["catchUp"] })}
        allowDeselect={false}
      />
      <NumberInput
        label={t`Random delay in minutes`}
        description={t`Spreads calls so that they do not all start on the hour`}
        inputWrapperOrder={["label", "input", "description", "error"]}
        min={0}
        max={55}
        value={values.jitterMinutes}
        onChange={(jitterMinutes) => onChange({ jitterMinutes })}
      />
      <NumberInput
        label={t`Pause after consecutive failures`}
        description={t`0: never`}
        inputWrapperOrder={["label", "input", "description", "error"]}
        min={0}
        max={100}
        value={values.pauseAfter}
        onChange={(pauseAfter) => onChange({ pauseAfter })}
      />
    </Stack>
  );
}
