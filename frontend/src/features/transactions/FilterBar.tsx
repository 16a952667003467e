import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import {
  Button,
  CloseButton,
  Group,
  Pill,
  Popover,
  SegmentedControl,
  Select,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconAdjustments, IconSearch } from "@tabler/icons-react";
import type { Ref } from "react";
import { DayField } from "../../components/DayField";
import { codeWords } from "../../lib/codeWords";
import { formatDay } from "../../lib/dates";
import { defined } from "../../lib/defined";
import { useDraft } from "../../lib/useDraft";
import { AMOUNT, type Filters } from "./filters";

type Account = { account_id: string; display_name: string; bank: string };
type Props = {
  searchField: Ref<HTMLInputElement>;
  filters: Filters;
  accounts: Account[];
  accountName: (id: string) => string;
  categories: string[];
  onChange: (filters: Filters) => void;
};

const TYPING_MS = 300;
const UNCATEGORISED = "\u0000none";

/** Search and filters; texts are reported when the user stops typing, other changes at once. */
export function FilterBar({ searchField, filters, accounts, accountName, categories, onChange }: Props) {
  const [typed, setTyped] = useDraft(filters.q ?? "");
  function set(changes: { [K in keyof Filters]?: Filters[K] | undefined }) {
    onChange(defined({ ...filters, ...changes }));
  }
  const search = useDebouncedCallback((text: string) => set({ q: text.trim() || undefined }), TYPING_MS);
  return (
    <Stack gap="xs">
      <Group role="search" align="end" gap="xs">
        <TextInput
          ref={searchField}
          label={t`Search`}
          placeholder={t`Description or merchant`}
          leftSection={<IconSearch size={16} aria-hidden />}
          rightSection={
            typed && (
              <CloseButton
                size="sm"
                aria-label={t`Clear the search`}
                onClick={() => {
                  setTyped("");
                  set({ q: undefined });
                }}
              />
            )
          }
          maxLength={200}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            search(event.currentTarget.value);
          }}
          style={{ flex: "1 1 220px" }}
        />
        <Group visibleFrom="sm" align="end" gap="xs" style={{ flex: "2 1 460px" }}>
          <WhereAndWhen filters={filters} accounts={accounts} onChange={set} />
        </Group>
        <MoreFilters filters={filters} accounts={accounts} categories={categories} onChange={set} />
      </Group>
      <ActiveFilters filters={filters} accountName={accountName} onChange={onChange} set={set} />
    </Stack>
  );
}

type Setter = (changes: { [K in keyof Filters]?: Filters[K] | undefined }) => void;

function WhereAndWhen({ filters, accounts, onChange }: { filters: Filters; accounts: Account[]; onChange: Setter }) {
  return (
    <>
      <Select
        label={t`Account`}
        placeholder={t`All accounts`}
        clearable
        searchable
        data={accounts.map((account) => ({
          value: account.account_id,
          label: `${account.display_name} – ${account.bank}`,
        }))}
        value={filters.account ?? null}
        onChange={(value) => onChange({ account: value ?? undefined })}
        style={{ flex: "1 1 200px" }}
      />
      <DayField
        label={t`From`}
        style={{ flex: "1 1 130px" }}
        value={filters.from}
        max={filters.to}
        onChange={(from) => onChange({ from })}
      />
      <DayField
        label={t`To`}
        style={{ flex: "1 1 130px" }}
        value={filters.to}
        min={filters.from}
        onChange={(to) => onChange({ to })}
      />
    </>
  );
}

type MoreProps = { filters: Filters; accounts: Account[]; categories: string[]; onChange: Setter };

function MoreFilters({ filters, accounts, categories, onChange }: MoreProps) {
  const category = filters.uncategorised ? UNCATEGORISED : (filters.category ?? null);
  return (
    <Popover width={320} position="bottom-end" shadow="md" trapFocus withinPortal>
      <Popover.Target>
        <Button variant="default" leftSection={<IconAdjustments size={16} aria-hidden />}>
          <Trans>More filters</Trans>
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          <Stack gap="sm" hiddenFrom="sm">
            <WhereAndWhen filters={filters} accounts={accounts} onChange={onChange} />
          </Stack>
          <Select
            label={t`Category`}
            placeholder={t`Any`}
            clearable
            searchable
            comboboxProps={{ withinPortal: false }}
            data={[
              { value: UNCATEGORISED, label: t`Without a category` },
              ...categories.map((name) => ({ value: name, label: name })),
            ]}
            value={category}
            onChange={(value) =>
              onChange({
                category: value === null || value === UNCATEGORISED ? undefined : value,
                uncategorised: value === UNCATEGORISED ? true : undefined,
              })
            }
          />
          <Group grow>
            <AmountInput label={t`Amount from`} value={filters.least} onChange={(least) => onChange({ least })} />
            <AmountInput label={t`Amount to`} value={filters.most} onChange={(most) => onChange({ most })} />
          </Group>
          <div>
            <Text size="sm" fw={500} id="filter-direction">
              <Trans>Money</Trans>
            </Text>
            <SegmentedControl
              fullWidth
              size="xs"
              aria-labelledby="filter-direction"
              data={[
                { value: "any", label: t`In and out` },
                { value: "in", label: t`In` },
                { value: "out", label: t`Out` },
              ]}
              value={filters.direction ?? "any"}
              onChange={(value) => onChange({ direction: value === "in" || value === "out" ? value : undefined })}
            />
          </div>
          <div>
            <Text size="sm" fw={500} id="filter-status">
              <Trans>Status</Trans>
            </Text>
            <SegmentedControl
              fullWidth
              size="xs"
              aria-labelledby="filter-status"
              data={[
                { value: "any", label: t`All` },
                { value: "booked", label: t`Booked` },
                { value: "pending", label: t`Pending` },
              ]}
              value={filters.status ?? "any"}
              onChange={(value) => onChange({ status: value === "booked" || value === "pending" ? value : undefined })}
            />
          </div>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

type AmountProps = { label: string; value: string | undefined; onChange: (value: string | undefined) => void };

function AmountInput({ label, value, onChange }: AmountProps) {
  const [typed, setTyped] = useDraft(value ?? "");
  const isFine = typed === "" || AMOUNT.test(typed);
  const change = useDebouncedCallback((text: string) => onChange(text || undefined), TYPING_MS);
  return (
    <TextInput
      label={label}
      inputMode="decimal"
      placeholder={t`any`}
      value={typed}
      error={!isFine && t`A number such as 12.50`}
      onChange={(event) => {
        const text = event.currentTarget.value.trim().replace(",", ".");
        setTyped(text);
        if (text === "" || AMOUNT.test(text)) change(text);
      }}
    />
  );
}

type ActiveProps = Pick<Props, "filters" | "accountName" | "onChange"> & { set: Setter };

function ActiveFilters({ filters, accountName, onChange, set }: ActiveProps) {
  const shown: { label: string; keys: (keyof Filters)[] }[] = [];
  const add = (label: string | false | undefined, ...keys: (keyof Filters)[]) => label && shown.push({ label, keys });
  add(filters.q && `“${filters.q}”`, "q");
  add(filters.account && accountName(filters.account), "account");
  add(filters.from && t`from ${{ from: formatDay(filters.from) }}`, "from");
  add(filters.to && t`to ${{ to: formatDay(filters.to) }}`, "to");
  add(filters.category && t`category ${{ category: filters.category }}`, "category");
  add(filters.uncategorised && t`without a category`, "uncategorised");
  add(filters.least && t`${{ least: filters.least }} or more`, "least");
  add(filters.most && t`${{ most: filters.most }} or less`, "most");
  add(filters.direction && (filters.direction === "in" ? t`money in` : t`money out`), "direction");
  add(filters.status && codeWords(filters.status), "status");
  add(filters.job !== undefined && t`import ${{ job: filters.job }}`, "job");
  add(filters.enrichment !== undefined && t`changed by enrichment ${{ enrichment: filters.enrichment }}`, "enrichment");
  add(filters.rule !== undefined && t`by rule ${{ rule: filters.rule }}`, "rule");
  if (shown.length === 0) return null;
  return (
    <Group gap={6} aria-label={t`Filters in use`} role="group">
      {shown.map((item) => (
        <Pill
          key={item.keys.join()}
          size="md"
          withRemoveButton
          removeButtonProps={{
            "aria-label": t`Remove the filter ${{ label: item.label }}`,
            "aria-hidden": false,
            tabIndex: 0,
          }}
          onRemove={() => set(Object.fromEntries(item.keys.map((key) => [key, undefined])))}
        >
          {item.label}
        </Pill>
      ))}
      <Button size="compact-xs" variant="subtle" onClick={() => onChange({})}>
        <Trans>Clear all</Trans>
      </Button>
    </Group>
  );
}
