import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Badge, Checkbox, Text } from "@mantine/core";
import { clsx } from "clsx";
import { memo } from "react";
import type { Transaction } from "../../api/types";
import { Money } from "../../components/Money";
import { formatDay } from "../../lib/dates";
import { sourceWords } from "../../lib/sourceWords";
import { CategoryMark } from "./CategoryMark";
import { InlineEdit } from "./InlineEdit";
import { type Field, useRowActions } from "./rowActions";
import classes from "./transactions.module.css";

export type RowProps = {
  row: Transaction;
  accountName: string;
  isActive: boolean;
  isSelected: boolean;
  editing: Field | null;
  categories: string[];
};

/** One row of the wide table. */
export const TransactionRow = memo(function TransactionRow(props: RowProps) {
  const { row, accountName, isActive, isSelected } = props;
  const actions = useRowActions();
  return (
    <div className={classes.row} data-active={isActive || undefined} data-selected={isSelected || undefined}>
      <div role="gridcell" data-own-click>
        <Checkbox
          size="xs"
          tabIndex={-1}
          aria-label={t`Select ${{ description: row.description }}`}
          checked={isSelected}
          onChange={() => undefined}
          onClick={(event) => actions.toggle(row.id, event.shiftKey)}
        />
      </div>
      <div role="gridcell" className={classes.cell}>
        {formatDay(row.date)}
      </div>
      <div role="gridcell" className={classes.cell} title={row.description}>
        {row.description}
        {row.status === "pending" && (
          <Badge ml="xs" size="xs" color="gray" variant="outline">
            <Trans>pending</Trans>
          </Badge>
        )}
        {row.transfer && row.transfer.status !== "refused" && (
          <Badge ml="xs" size="xs" color="blue" variant="outline">
            {row.transfer.status === "confirmed" ? t`transfer` : t`transfer?`}
          </Badge>
        )}
      </div>
      <EditableCell {...props} field="merchant" />
      <EditableCell {...props} field="category" />
      <div role="gridcell" className={clsx(classes.cell, classes.account)} title={accountName}>
        <Text span size="sm" c="dimmed">
          {accountName}
        </Text>
      </div>
      <div role="gridcell" className={classes.amount}>
        <Money amount={row.amount} currency={row.currency} />
      </div>
    </div>
  );
});

function EditableCell({ row, editing, categories, field }: RowProps & { field: Field }) {
  const actions = useRowActions();
  const value = row[field];
  const label = field === "category" ? t`Category` : t`Merchant`;
  const add = field === "category" ? t`Add a category` : t`Add a merchant`;
  const words = sourceWords(row[`${field}_source`], value);
  return (
    <div role="gridcell" className={classes.cell} data-own-click={editing === field || undefined}>
      {editing === field ? (
        <InlineEdit
          label={t`${label} of ${{ description: row.description }}`}
          value={value}
          maxLength={field === "category" ? 100 : 200}
          suggestions={field === "category" ? categories : []}
          onSave={(wanted) => actions.save({ ids: [row.id], [field]: wanted })}
          onCancel={() => actions.beginEdit(row.id, null)}
        />
      ) : (
        <button
          type="button"
          tabIndex={-1}
          className={classes.editable}
          title={value ? t`${value}, ${words} – click to edit` : add}
          aria-label={value ? t`${label} ${value}, ${words}, edit` : add}
          data-own-click
          onClick={() => actions.beginEdit(row.id, field)}
        >
          {value !== null && field === "category" ? (
            <CategoryMark category={value} source={row.category_source} />
          ) : (
            (value ?? (
              <Text span size="sm" c="dimmed">
                –
              </Text>
            ))
          )}
        </button>
      )}
    </div>
  );
}
