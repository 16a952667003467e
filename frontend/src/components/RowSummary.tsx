import { t } from "@lingui/core/macro";
import { Text } from "@mantine/core";
import type { Transaction } from "../api/types";
import { formatDay } from "../lib/dates";
import { TextLink } from "./TextLink";

type Props = { row: Transaction; accountName: string; tabIndex: number };

/** A transaction in two lines: its text, which links to it, and its day and account. */
export function RowSummary({ row, accountName, tabIndex }: Props) {
  const where = `${formatDay(row.date)} · ${accountName}`;
  return (
    <>
      <TextLink
        to="/transactions"
        search={{ row: row.id, account: row.account_id, from: row.date, to: row.date }}
        size="sm"
        lineClamp={2}
        title={row.description}
        tabIndex={tabIndex}
      >
        {row.description || t`no description`}
      </TextLink>
      <Text size="xs" c="dimmed" lineClamp={2} title={where}>
        {where}
      </Text>
    </>
  );
}
