import { t } from "@lingui/core/macro";
import { Group, Select, Text } from "@mantine/core";
import type { PlacedCategory } from "../lib/categoryTree";
import { ColourDot } from "./ColourDot";

type Props = {
  label: string;
  /** The label is only for screen readers. */
  isLabelHidden?: boolean;
  description?: string;
  error?: string | undefined;
  /** In display order, each with its depth in the tree. */
  categories: PlacedCategory[];
  /** A category's name. */
  value: string | null;
  onChange: (name: string | null) => void;
};

/** A searchable select of the assignable categories, shown as a tree. */
export function CategorySelect({ label, isLabelHidden, description, error, categories, value, onChange }: Props) {
  const byName = new Map(categories.map((item) => [item.name, item]));
  const chosen = value === null ? undefined : byName.get(value);
  return (
    <Select
      {...(isLabelHidden ? { "aria-label": label } : { label })}
      {...(description ? { description } : {})}
      {...(error ? { error } : {})}
      placeholder={t`Choose a category`}
      searchable
      clearable
      clearButtonProps={{ "aria-label": t`Clear: ${label}` }}
      nothingFoundMessage={t`No category has this name`}
      data={categories.map((item) => item.name)}
      leftSection={chosen && <ColourDot colour={chosen.colour} />}
      value={value}
      onChange={onChange}
      renderOption={({ option }) => {
        const item = byName.get(option.value);
        return (
          <Group gap="xs" wrap="nowrap" pl={(item?.depth ?? 0) * 14}>
            {item && <ColourDot colour={item.colour} />}
            <Text size="sm">{option.label}</Text>
          </Group>
        );
      }}
    />
  );
}
