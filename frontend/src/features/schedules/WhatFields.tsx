import { t } from "@lingui/core/macro";
import { Group, MultiSelect, NumberInput, Radio, Select, Stack, Switch, TextInput } from "@mantine/core";
import type { Account, Connection } from "../../api/types";
import { TimeField } from "../../components/TimeField";
import { DAYS_BACK, type ScheduleValues } from "./scheduleValues";

type Props = {
  values: ScheduleValues;
  banks: Connection[];
  accounts: Account[];
  onChange: (change: Partial<ScheduleValues>) => void;
};

/** What a schedule imports. */
export function WhatFields({ values, banks, accounts, onChange }: Props) {
  return (
    <Stack gap="sm">
      <Select
        label={t`Bank`}
        data={banks.map((bank) => ({ value: bank.id, label: bank.bank }))}
        value={values.connectionId}
        onChange={(id) => onChange({ connectionId: id, accountIds: [] })}
        allowDeselect={false}
        required
      />
      <MultiSelect
        label={t`Accounts and cards`}
        placeholder={values.accountIds.length === 0 ? t`All accounts and cards` : ""}
        data={accounts.map((account) => ({
          value: account.account_id,
          label: `${account.display_name} (${account.currency})`,
        }))}
        value={values.accountIds}
        onChange={(accountIds) => onChange({ accountIds })}
        clearable
      />
      <Radio.Group
        label={t`Days`}
        value={values.incremental ? "incremental" : "whole"}
        onChange={(kind) =>
          onChange({
            incremental: kind === "incremental",
            daysBack: kind === "incremental" ? DAYS_BACK.incremental : DAYS_BACK.whole,
          })
        }
      >
        <Stack gap="xs" mt={4}>
          <Radio
            value="incremental"
            label={t`Missing days, and the most recent days again`}
            description={t`Closes gaps and finds late rows`}
          />
          <Radio value="whole" label={t`All days of the range, every time`} />
        </Stack>
      </Radio.Group>
      <NumberInput
        label={t`Maximum days back`}
        description={t`Many banks return at most 84 days without you`}
        inputWrapperOrder={["label", "input", "description", "error"]}
        min={1}
        max={2190}
        value={values.daysBack}
        onChange={(daysBack) => onChange({ daysBack })}
      />
      <Switch
        label={t`Enrich the new rows afterwards`}
        checked={values.autoEnrich}
        onChange={(event) => onChange({ autoEnrich: event.currentTarget.checked })}
      />
      {values.autoEnrich && (
        <Group align="flex-end">
          <Radio.Group
            label={t`Enrich after import`}
            value={values.enrichTime === null ? "once" : "time"}
            onChange={(value) => onChange({ enrichTime: value === "time" ? "03:00" : null })}
          >
            <Group mt={4}>
              <Radio value="once" label={t`At once`} />
              <Radio value="time" label={t`At a set time`} />
            </Group>
          </Radio.Group>
          {values.enrichTime !== null && (
            <TimeField
              label={t`Enrich at`}
              value={values.enrichTime}
              onChange={(enrichTime) => onChange({ enrichTime })}
            />
          )}
        </Group>
      )}
      <TextInput
        label={t`Name`}
        placeholder={t`Optional`}
        maxLength={100}
        value={values.name}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
      />
    </Stack>
  );
}
