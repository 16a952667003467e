import { Group, Select, Text } from "@mantine/core";
import type { PlacedCategory } from "../lib/categoryTree";
import { ColourDot } from "./ColourDot";

type Props = {
  label: string;
  /** The label is for screen readers alone. */
  isLabelHidden?: boolean;
  description?: string;
  error?: string | undefined;
  /** In the order in which they are shown, each with how deep it lies. */
  categories: PlacedCategory[];
  /** A category's name. */
  value: string | null;
  onChange: (name: string | null) => void;
};

/** One of the categories that may be given, found by typing, shown as the tree that they are. */
export function CategorySelect({ label, isLabelHidden, description, error, categories, value, onChange }: Props) {
  const byName = new Map(categories.map((item) => [item.name, item]));
  const chosen = value === null ? undefined : byName.get(value);
  return (
    <Select
      {...(isLabelHidden ? { "aria-label": label } : { label })}
      {...(description ? { description } : {})}
      {...(error ? { error } : {})}
      placeholder="Choose a category"
      searchable
      clearable
      clearButtonProps={{ "aria-label": `Clear: ${label}` }}
      nothingFoundMessage="No category has this name"
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
