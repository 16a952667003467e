import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Button, ColorInput, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { OpenDialog } from "../../components/OpenDialog";
import { Problem } from "../../components/Problem";
import { type Category, inTreeOrder, withThoseUnder } from "../../lib/categoryTree";
import { useAddCategory } from "./useCategories";
import { useChangeWithUndo } from "./useChangeWithUndo";

const TOP = "";
const SWATCHES = [
  "#2f9e44",
  "#099268",
  "#0c8599",
  "#1971c2",
  "#364fc7",
  "#5f3dc4",
  "#9c36b5",
  "#c2255c",
  "#e03131",
  "#e8590c",
  "#f08c00",
  "#868e96",
];
const COLOUR = /^#[0-9a-fA-F]{6}$/;

type Props = {
  /** The category to edit; null for a new one. */
  category: Category | null;
  parentId: string | null;
  categories: Category[];
  rows: number;
  onMerge: () => void;
  onClose: () => void;
};

/** A form for a category's name, parent and colour. */
export function CategoryDialog({ category, parentId, categories, rows, onMerge, onClose }: Props) {
  const above = categories.find((item) => item.id === parentId);
  const form = useForm({
    initialValues: {
      name: category?.name ?? "",
      colour: category?.colour ?? above?.colour ?? "#868e96",
      parent: parentId ?? TOP,
    },
  });
  const { name, colour, parent } = form.values;
  const add = useAddCategory();
  const change = useChangeWithUndo();
  const error = add.error ?? change.error;
  const own = category === null ? new Set<string>() : withThoseUnder(categories, category.id);
  const places = inTreeOrder(categories).filter(
    (item) => !own.has(item.id) && (!item.is_archived || item.id === parentId),
  );
  const request = { name: name.trim(), colour, parent_id: parent === TOP ? null : parent };
  const changes = {
    ...(request.name === category?.name ? {} : { name: request.name }),
    ...(request.colour === category?.colour ? {} : { colour: request.colour }),
    ...((parentId ?? TOP) === parent ? {} : { parent_id: request.parent_id }),
  };
  const isRenamed = category !== null && request.name !== category.name;
  const isFine = request.name !== "" && COLOUR.test(colour);
  const isChanged = category === null || Object.keys(changes).length > 0;
  function save() {
    if (category === null) {
      add.mutate(request, {
        onSuccess: (made) => {
          notifications.show({ color: "green", message: t`${{ made: made.name }} was added.` });
          onClose();
        },
      });
      return;
    }
    const text = isRenamed
      ? t`${{ category: category.name }} is now called ${{ request: request.name }}.`
      : t`${{ category: category.name }} was changed.`;
    change.apply(category, changes, text, onClose);
  }
  return (
    <OpenDialog
      onClose={onClose}
      title={category === null ? t`New category` : t`Change ${{ category: category.name }}`}
    >
      <form onSubmit={form.onSubmit(save)}>
        <Stack>
          <TextInput label={t`Name`} maxLength={80} {...form.getInputProps("name")} data-autofocus />
          {isRenamed && rows > 0 && (
            <Text size="sm" role="status">
              <Plural
                value={rows}
                one="# row has this category; they and the rules get the new name."
                other="# rows have this category; they and the rules get the new name."
              />
            </Text>
          )}
          <Select
            label={t`Under`}
            searchable
            allowDeselect={false}
            data={[
              { value: TOP, label: t`Top level` },
              ...places.map((item) => ({ value: item.id, label: `${"\u2003".repeat(item.depth)}${item.name}` })),
            ]}
            {...form.getInputProps("parent")}
          />
          <ColorInput
            label={t`Colour`}
            format="hex"
            withEyeDropper={false}
            swatches={SWATCHES}
            swatchesPerRow={12}
            {...form.getInputProps("colour")}
            error={!COLOUR.test(colour) && t`A colour such as #2f9e44`}
          />
          {error && <Problem error={error} title={t`Saving failed`} />}
          <Group justify="flex-end">
            {category !== null && (
              <Button variant="subtle" mr="auto" onClick={onMerge}>
                <Trans>Merge into another…</Trans>
              </Button>
            )}
            <Button variant="default" onClick={onClose}>
              <Trans>Cancel</Trans>
            </Button>
            <Button type="submit" loading={add.isPending || change.isPending} disabled={!isFine || !isChanged}>
              {category === null ? t`Add it` : t`Save`}
            </Button>
          </Group>
        </Stack>
      </form>
    </OpenDialog>
  );
}
