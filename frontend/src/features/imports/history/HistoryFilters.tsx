import { t } from "@lingui/core/macro";
import { Group, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { connectionQueries } from "../../../api/connections";
import { codeWords } from "../../../lib/codeWords";
import { defined } from "../../../lib/defined";
import { type HistoryFilter, JOB_TYPES, STATUSES } from "./filters";

type Props = { filter: HistoryFilter; onFilter: (filter: HistoryFilter) => void };

function named(value: string): { value: string; label: string } {
  return { value, label: codeWords(value) };
}

/** Filters of the history: status, kind and bank. */
export function HistoryFilters({ filter, onFilter }: Props) {
  const banks = useQuery(connectionQueries.list());
  const { status, type, bank } = filter;
  return (
    <Group mb="md">
      <Select
        aria-label={t`Status`}
        placeholder={t`Any status`}
        clearable
        data={STATUSES.map(named)}
        value={status ?? null}
        onChange={(value) => onFilter(defined({ ...filter, status: STATUSES.find((name) => name === value) }))}
      />
      <Select
        aria-label={t`Kind`}
        placeholder={t`Any kind`}
        clearable
        data={JOB_TYPES.map(named)}
        value={type ?? null}
        onChange={(value) => onFilter(defined({ ...filter, type: JOB_TYPES.find((name) => name === value) }))}
      />
      <Select
        aria-label={t`Bank`}
        placeholder={t`Every bank`}
        clearable
        data={(banks.data ?? []).map((row) => ({ value: row.id, label: `${row.bank} (${row.id})` }))}
        value={bank ?? null}
        onChange={(value) => onFilter(defined({ ...filter, bank: value ?? undefined }))}
      />
    </Group>
  );
}
