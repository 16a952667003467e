import type { MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { Group, NumberInput, Radio, Select, Stack, Switch } from "@mantine/core";
import { TimeField } from "../../../components/TimeField";
import { type Change, type Choice, FREQUENCIES, type Frequency } from "./choice";

type Props = { choice: Choice; onChange: (change: Change) => void };

const USUAL_BATCH = 200;
export const USUAL_TIME = "06:00";
const USUAL_ENRICH_TIME = "03:00";
const NAMES: Record<Frequency, MessageDescriptor> = {
  daily: msg`Every day`,
  weekly: msg`Every week`,
  monthly: msg`Every month`,
};

/** Chooses how the import runs, and whether it repeats. */
export function SettingsStep({ choice, onChange }: Props) {
  return (
    <Stack gap="lg">
      <Switch
        label={t`Suggest merchants and categories after the import`}
        description={t`Only for new rows. Your edits stay.`}
        checked={choice.enrich ?? true}
        onChange={(event) =>
          onChange(event.currentTarget.checked ? { enrich: undefined } : { enrich: false, enrichTime: undefined })
        }
      />
      {choice.enrich !== false && (
        <Group align="flex-end">
          <Radio.Group
            label={t`Enrich after import`}
            value={choice.enrichTime === undefined ? "once" : "time"}
            onChange={(value) => onChange({ enrichTime: value === "time" ? USUAL_ENRICH_TIME : undefined })}
          >
            <Group mt="xs">
              <Radio value="once" label={t`At once`} />
              <Radio value="time" label={t`At a set time`} />
            </Group>
          </Radio.Group>
          {choice.enrichTime !== undefined && (
            <TimeField
              label={t`Enrich at`}
              value={choice.enrichTime}
              onChange={(enrichTime) => onChange({ enrichTime })}
            />
          )}
        </Group>
      )}
      <Switch
        label={t`Dry run`}
        description={t`Fetches from the bank and shows what would change, but stores no rows. You can then commit exactly those answers.`}
        checked={choice.dry ?? false}
        onChange={(event) =>
          onChange(event.currentTarget.checked ? { dry: true, repeat: undefined } : { dry: undefined })
        }
      />
      <Switch
        label={t`Schedule it`}
        description={
          choice.dry
            ? t`A dry run cannot be scheduled. Switch it off first.`
            : t`Fetch new transactions of these accounts regularly. You can change this under Schedules.`
        }
        disabled={choice.dry ?? false}
        checked={choice.repeat !== undefined}
        onChange={(event) => onChange({ repeat: event.currentTarget.checked ? "daily" : undefined })}
      />
      {choice.repeat && (
        <Group>
          <Select
            label={t`How often`}
            data={FREQUENCIES.map((value) => ({ value, label: t(NAMES[value]) }))}
            value={choice.repeat}
            allowDeselect={false}
            onChange={(value) => value && onChange({ repeat: value })}
          />
          <TimeField label={t`At`} value={choice.time ?? USUAL_TIME} onChange={(time) => onChange({ time })} />
        </Group>
      )}
      <Radio.Group
        label={t`Batch size`}
        description={t`Approximate number of rows stored at a time. Keep Automatic unless you have a reason to change it.`}
        value={choice.batch === undefined ? "automatic" : "own"}
        onChange={(value) => onChange({ batch: value === "own" ? USUAL_BATCH : undefined })}
      >
        <Group mt="xs">
          <Radio value="automatic" label={t`Automatic`} />
          <Radio value="own" label={t`Own`} />
        </Group>
      </Radio.Group>
      {choice.batch !== undefined && (
        <NumberInput
          label={t`Rows at a time`}
          description={t`10 to 1000`}
          maw={200}
          min={10}
          max={1000}
          step={10}
          allowDecimal={false}
          clampBehavior="blur"
          value={choice.batch}
          onChange={(value) => typeof value === "number" && value >= 10 && value <= 1000 && onChange({ batch: value })}
        />
      )}
    </Stack>
  );
}
