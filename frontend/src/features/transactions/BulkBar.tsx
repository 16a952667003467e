import { ph, plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Autocomplete, Button, Group, Paper, Text } from "@mantine/core";
import { useState } from "react";
import { formatCount } from "../../lib/formatCount";
import classes from "./transactions.module.css";
import type { Edit } from "./useEdit";

const MOST_AT_ONCE = 1000;

type Props = {
  ids: string[];
  /** How many rows match, loaded or not. */
  matching: number;
  /** Whether all of them are selected, not only `ids`. */
  isAll: boolean;
  isSaving: boolean;
  categories: string[];
  onEdit: (edit: Edit) => void;
  onEditAll: (edit: Omit<Edit, "ids">) => void;
  onSelectAll: () => void;
  onClear: () => void;
};

/** Actions for the selected rows, or for all rows that match. */
export function BulkBar(props: Props) {
  const { ids, matching, isAll, isSaving, categories, onClear } = props;
  const [field, setField] = useState<"category" | "merchant">("category");
  const [value, setValue] = useState("");
  const isTooMany = !isAll && ids.length > MOST_AT_ONCE;
  const set = (category: string | null) => {
    if (isAll) props.onEditAll({ [field]: category });
    else props.onEdit({ ids, [field]: category });
    setValue("");
  };
  return (
    <Paper withBorder shadow="md" p="xs" role="region" aria-label={t`Selected rows`} className={classes.bulk}>
      <Group gap="xs" justify="space-between">
        <Text size="sm" fw={600} aria-live="polite">
          {isAll
            ? t`All ${plural(matching, { one: "# row", other: "# rows" })} that match are selected`
            : isTooMany
              ? t`${{ ids: formatCount(ids.length) }} selected – at most ${{ most: formatCount(MOST_AT_ONCE) }}, or all that match, are edited at once`
              : t`${{ ids: formatCount(ids.length) }} selected`}
        </Text>
        {!isAll && matching > ids.length && (
          <Button size="compact-sm" variant="subtle" onClick={props.onSelectAll}>
            <Trans>Select all {ph({ matching: formatCount(matching) })} that match</Trans>
          </Button>
        )}
        <Group gap="xs">
          <Button.Group>
            {(["category", "merchant"] as const).map((name) => (
              <Button
                key={name}
                size="xs"
                variant={field === name ? "filled" : "default"}
                aria-pressed={field === name}
                onClick={() => setField(name)}
              >
                {name === "category" ? t`Category` : t`Merchant`}
              </Button>
            ))}
          </Button.Group>
          <Autocomplete
            size="xs"
            aria-label={field === "category" ? t`Category for all of them` : t`Merchant for all of them`}
            placeholder={field === "category" ? t`Category` : t`Merchant`}
            data={field === "category" ? categories : []}
            limit={8}
            maxLength={field === "category" ? 100 : 200}
            value={value}
            onChange={setValue}
          />
          <Button
            size="xs"
            loading={isSaving}
            disabled={isTooMany || value.trim() === ""}
            onClick={() => set(value.trim())}
          >
            <Trans>Set for all</Trans>
          </Button>
          <Button size="xs" variant="default" disabled={isTooMany || isSaving} onClick={() => set(null)}>
            <Trans>Remove</Trans>
          </Button>
          <Button size="xs" variant="subtle" onClick={onClear}>
            <Trans>Clear selection</Trans>
          </Button>
        </Group>
      </Group>
    </Paper>
  );
}
