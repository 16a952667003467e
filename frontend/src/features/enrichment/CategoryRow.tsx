import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { ActionIcon, Badge, Button, Text, Tooltip } from "@mantine/core";
import { IconArchive, IconArchiveOff, IconPencil, IconPlus } from "@tabler/icons-react";
import { type ReactNode, useRef, useState } from "react";
import { ColourDot } from "../../components/ColourDot";
import { TextLink } from "../../components/TextLink";
import type { PlacedCategory } from "../../lib/categoryTree";
import classes from "./CategoryRow.module.css";
import { useChangeWithUndo } from "./useChangeWithUndo";
import { useUndoMerge } from "./useUndoMerge";

type Props = {
  category: PlacedCategory;
  /** The number of rows with it; undefined while unknown. */
  rows: number | undefined;
  onChange: () => void;
  onAddUnder: () => void;
  /** The name of the category that it was merged into. */
  mergedInto: string | undefined;
};

/** A category in the tree, with its actions. */
export function CategoryRow({ category, rows, onChange, onAddUnder, mergedInto }: Props) {
  const change = useChangeWithUndo();
  const undoMerge = useUndoMerge();
  const { name, is_archived: isArchived } = category;
  return (
    <li className={classes.row} style={{ paddingInlineStart: 8 + category.depth * 22 }}>
      <span className={classes.name}>
        <ColourDot colour={category.colour} size={14} />
        {rows ? (
          <TextLink inherit to="/transactions" search={{ category: name }}>
            {name}
          </TextLink>
        ) : (
          <Text span>{name}</Text>
        )}
        {isArchived && (
          <Badge color="gray" variant="light">
            {mergedInto === undefined ? t`archived` : t`merged into ${mergedInto}`}
          </Badge>
        )}
      </span>
      <Text size="sm" c="dimmed" ta="right" style={{ fontVariantNumeric: "tabular-nums", whiteSpace: "nowrap" }}>
        {rows ? plural(rows, { one: "# row", other: "# rows" }) : ""}
      </Text>
      <span style={{ display: "flex", gap: 4 }}>
        {mergedInto !== undefined ? (
          <Button
            size="compact-sm"
            variant="default"
            aria-label={t`Undo the merge of ${name}`}
            onClick={() => undoMerge(category)}
          >
            <Trans>Undo the merge</Trans>
          </Button>
        ) : isArchived ? (
          <Button
            size="compact-sm"
            variant="default"
            aria-label={t`Restore ${name}`}
            leftSection={<IconArchiveOff size={14} aria-hidden />}
            loading={change.isPending}
            onClick={() => change.apply(category, { is_archived: false }, t`${name} was restored.`)}
          >
            <Trans>Restore</Trans>
          </Button>
        ) : (
          <>
            <Act label={t`Change ${name}`} onClick={onChange}>
              <IconPencil size={16} aria-hidden />
            </Act>
            <Act label={t`Add a category under ${name}`} onClick={onAddUnder}>
              <IconPlus size={16} aria-hidden />
            </Act>
            <Act
              label={t`Archive ${name}`}
              isPending={change.isPending}
              onClick={() =>
                change.apply(category, { is_archived: true }, t`${name} was archived. Rows that have it keep it.`)
              }
            >
              <IconArchive size={16} aria-hidden />
            </Act>
          </>
        )}
      </span>
    </li>
  );
}

type ActProps = { label: string; isPending?: boolean; onClick: () => void; children: ReactNode };

/** A button with an icon. Its tooltip is made when it is pointed at or focused: a page has over a hundred of them. */
function Act({ label, isPending = false, onClick, children }: ActProps) {
  const [isNear, setNear] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      <ActionIcon
        ref={button}
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={label}
        loading={isPending}
        onClick={onClick}
        onMouseEnter={() => setNear(true)}
        onMouseLeave={() => setNear(false)}
        onFocus={() => setNear(true)}
        onBlur={() => setNear(false)}
      >
        {children}
      </ActionIcon>
      {isNear && <Tooltip opened label={label} target={button} />}
    </>
  );
}
