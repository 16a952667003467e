import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Badge, Checkbox, Group, Text } from "@mantine/core";
import { memo } from "react";
import { Money } from "../../components/Money";
import { formatDay } from "../../lib/dates";
import { CategoryMark } from "./CategoryMark";
import { useRowActions } from "./rowActions";
import type { RowProps } from "./TransactionRow";
import classes from "./transactions.module.css";

/** One row as a card, for narrow screens. */
export const TransactionCard = memo(function TransactionCard({ row, accountName, isActive, isSelected }: RowProps) {
  const actions = useRowActions();
  return (
    <div className={classes.card} data-active={isActive || undefined} data-selected={isSelected || undefined}>
      <div role="gridcell" style={{ gridRow: "1 / 4" }} data-own-click>
        <Checkbox
          mt={6}
          tabIndex={-1}
          aria-label={t`Select ${{ description: row.description }}`}
          checked={isSelected}
          onChange={() => undefined}
          onClick={(event) => actions.toggle(row.id, event.shiftKey)}
        />
      </div>
      <Text role="gridcell" size="sm" fw={500} truncate>
        {row.merchant ?? row.description}
      </Text>
      <div role="gridcell" className={classes.amount}>
        <Money amount={row.amount} currency={row.currency} />
      </div>
      <Text role="gridcell" size="xs" c="dimmed" truncate style={{ gridColumn: "2 / 4" }}>
        {row.merchant ? row.description : accountName}
      </Text>
      <Group role="gridcell" gap="xs" wrap="nowrap" style={{ gridColumn: "2 / 4" }}>
        <Text size="xs" c="dimmed" style={{ whiteSpace: "nowrap" }}>
          {formatDay(row.date)}
        </Text>
        {row.category && (
          <Badge size="sm" variant="light" style={{ textTransform: "none" }}>
            <CategoryMark category={row.category} source={row.category_source} />
          </Badge>
        )}
        {row.status === "pending" && (
          <Badge size="sm" color="gray" variant="outline">
            <Trans>pending</Trans>
          </Badge>
        )}
        {row.transfer && row.transfer.status !== "refused" && (
          <Badge size="sm" color="blue" variant="outline" style={{ textTransform: "none" }}>
            {row.transfer.status === "confirmed" ? t`transfer` : t`transfer?`}
          </Badge>
        )}
      </Group>
    </div>
  );
});
