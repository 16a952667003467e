import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { ActionIcon, Button, Group, Popover, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconBookmark, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answered, api } from "../../api/client";
import { transactionQueries } from "../../api/transactions";
import { Problem } from "../../components/Problem";
import { sayDone } from "../../components/sayDone";
import { type Filters, isFiltered, readSearch } from "./filters";

type Saved = { name: string; search: Record<string, string | boolean> };
type Props = { filters: Filters; onChange: (filters: Filters) => void };

/** The user's named filters: choose one, name the present one, or remove one. */
export function SavedFilters({ filters, onChange }: Props) {
  const [isOpen, setOpen] = useState(false);
  const form = useForm({ initialValues: { name: "" }, transformValues: ({ name }) => ({ name: name.trim() }) });
  const client = useQueryClient();
  const saved = useQuery(transactionQueries.savedFilters());
  const save = useMutation({
    mutationFn: (filters: Saved[]) => answered(api.PUT("/api/transactions/saved-filters", { body: { filters } })),
    onSuccess: (done) => client.setQueryData(transactionQueries.savedFilters().queryKey, done.filters),
  });
  const list = saved.data ?? [];
  const canSave = form.getTransformedValues().name !== "" && isFiltered(filters) && saved.data !== undefined;
  const problem = saved.error ?? save.error;
  function add(name: string) {
    const others = list.filter((item) => item.name !== name);
    save.mutate([...others, { name, search: { ...filters } }], { onSuccess: form.reset });
  }
  function remove(item: Saved) {
    save.mutate(
      list.filter((other) => other !== item),
      {
        onSuccess: () =>
          sayDone(t`Filter “${{ item: item.name }}” removed.`, { label: t`Undo`, take: () => save.mutate(list) }),
      },
    );
  }
  return (
    <Popover opened={isOpen} onChange={setOpen} width={300} position="bottom-end" shadow="md" trapFocus withinPortal>
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconBookmark size={16} aria-hidden />}
          onClick={() => setOpen((now) => !now)}
        >
          <Trans>Saved filters</Trans>
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          {problem && <Problem error={problem} />}
          {list.length === 0 && (
            <Text size="sm" c="dimmed">
              <Trans>None yet. Set filters, and give them a name here.</Trans>
            </Text>
          )}
          {list.map((item) => (
            <Group key={item.name} justify="space-between" wrap="nowrap" gap="xs">
              <Button
                variant="subtle"
                size="compact-sm"
                justify="start"
                style={{ flex: 1, minWidth: 0 }}
                onClick={() => {
                  onChange(readSearch(item.search));
                  setOpen(false);
                }}
              >
                {item.name}
              </Button>
              <ActionIcon
                variant="subtle"
                aria-label={t`Remove the filter ${{ item: item.name }}`}
                loading={save.isPending}
                onClick={() => remove(item)}
              >
                <IconTrash size={16} aria-hidden />
              </ActionIcon>
            </Group>
          ))}
          <form
            onSubmit={form.onSubmit(({ name }) => {
              if (canSave) add(name);
            })}
          >
            <Group wrap="nowrap" align="end" gap="xs">
              <TextInput
                label={t`Name of these filters`}
                size="xs"
                maxLength={60}
                disabled={!isFiltered(filters)}
                style={{ flex: 1 }}
                {...form.getInputProps("name")}
              />
              <Button type="submit" size="xs" loading={save.isPending} disabled={!canSave}>
                <Trans>Save</Trans>
              </Button>
            </Group>
          </form>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
