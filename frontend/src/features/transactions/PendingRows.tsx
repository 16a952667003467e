import { ph, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Paper, Text, Title } from "@mantine/core";
import type { Transaction } from "../../api/types";
import { Money } from "../../components/Money";
import { formatDay } from "../../lib/dates";
import { formatCount } from "../../lib/formatCount";
import { useRowActions } from "./rowActions";

const SHOWN = 3;

type Props = { rows: Transaction[]; total: number; accountName: (accountId: string) => string; onShowAll: () => void };

/** Pending rows, shown separately because the bank may still change or remove them. */
export function PendingRows({ rows, total, accountName, onShowAll }: Props) {
  const actions = useRowActions();
  if (rows.length === 0) return null;
  return (
    <Paper withBorder p="sm" component="section" aria-label={t`Pending`}>
      <Title order={2} size="h5">
        <Trans>Pending: {ph({ total: formatCount(total) })}</Trans>
      </Title>
      <Text size="xs" c="dimmed" mb={4}>
        <Trans>Not final yet: the bank may still change or remove these.</Trans>
      </Text>
      <ul style={{ listStyle: "none", margin: 0, padding: 0 }}>
        {rows.slice(0, SHOWN).map((row) => (
          <li key={row.id}>
            <button
              type="button"
              onClick={() => actions.open(row.id)}
              style={{
                all: "unset",
                boxSizing: "border-box",
                display: "flex",
                gap: 12,
                width: "100%",
                padding: "4px 6px",
                cursor: "pointer",
                fontSize: "var(--mantine-font-size-sm)",
              }}
              className="mantine-focus-auto"
            >
              <span style={{ whiteSpace: "nowrap" }}>{formatDay(row.date)}</span>
              <span
                style={{ flex: 1, minWidth: 0, overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" }}
              >
                {row.description} · {accountName(row.account_id)}
              </span>
              <span style={{ whiteSpace: "nowrap", fontVariantNumeric: "tabular-nums" }}>
                <Money amount={row.amount} currency={row.currency} />
              </span>
            </button>
          </li>
        ))}
      </ul>
      {total > SHOWN && (
        <Text
          component="button"
          type="button"
          size="sm"
          onClick={onShowAll}
          style={{ all: "unset", cursor: "pointer", textDecoration: "underline", fontSize: 14 }}
        >
          <Trans>Show all {ph({ total: formatCount(total) })} pending</Trans>
        </Text>
      )}
    </Paper>
  );
}
