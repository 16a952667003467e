import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Badge, Text } from "@mantine/core";
import type { Choice, Column } from "../../components/decisions";
import { DecisionTable } from "../../components/DecisionTable";
import { RowSummary } from "../../components/RowSummary";
import { When } from "../../components/When";
import { capitalised } from "../../lib/capitalised";
import { formatCount } from "../../lib/formatCount";
import { formatMoney } from "../../lib/formatMoney";
import { listed, asSentence } from "../../lib/listed";
import type { Transfer } from "./useTransfers";
import { daysApart, howSure, pairWords, percent, restsOn } from "./words";

type Props = {
  pairs: Transfer[];
  accountName: (accountId: string) => string;
  isBusy: boolean;
  onDecide: (pairs: Transfer[], action: "confirm" | "refuse") => void;
  onReopen: (pairs: Transfer[]) => void;
};

/** Pairs of rows, one a line: both rows, the evidence, and the possible decisions. */
export function TransferTable({ pairs, accountName, isBusy, onDecide, onReopen }: Props) {
  const columns: Column<Transfer>[] = [
    {
      title: t`Amount`,
      width: "88px",
      compact: "first",
      isAmount: true,
      cell: (pair) => (
        <Text size="sm" fw={600}>
          {formatMoney(pair.amount, pair.currency)}
        </Text>
      ),
    },
    {
      title: t`Out`,
      width: "minmax(0, 1.2fr)",
      compact: "line",
      isNamed: true,
      cell: ({ money_out }, tabIndex) => (
        <RowSummary row={money_out} accountName={accountName(money_out.account_id)} tabIndex={tabIndex} />
      ),
    },
    {
      title: t`In`,
      width: "minmax(0, 1.2fr)",
      compact: "line",
      isNamed: true,
      cell: ({ money_in }, tabIndex) => (
        <RowSummary row={money_in} accountName={accountName(money_in.account_id)} tabIndex={tabIndex} />
      ),
    },
    { title: t`Apart`, width: "72px", compact: "beside", cell: (pair) => daysApart(pair.days_apart) },
    { title: t`Why suggested`, width: "minmax(0, 1.4fr)", compact: "line", cell: (pair) => <Evidence pair={pair} /> },
  ];
  const choices: Choice<Transfer>[] = [
    {
      key: "r",
      does: t`refuses`,
      label: () => t`Not a transfer`,
      labelOfAll: (open) => t`Not a transfer: ${{ open: formatCount(open.length) }}`,
      isOffered: (pair) => pair.status === "suggested",
      take: (open) => onDecide(open, "refuse"),
    },
    {
      key: "u",
      does: t`undoes a decision`,
      label: () => t`Undo the decision`,
      labelOfAll: (open) => t`Undo ${{ open: formatCount(open.length) }}`,
      isOffered: (pair) => pair.status !== "suggested",
      take: onReopen,
    },
    {
      key: "c",
      does: t`confirms`,
      isMain: true,
      label: () => t`Confirm`,
      labelOfAll: (open) => t`Confirm ${{ open: formatCount(open.length) }}`,
      isOffered: (pair) => pair.status !== "confirmed",
      isPossible: (pair) => pair.is_whole && pair.fits,
      take: (open) => onDecide(open, "confirm"),
    },
  ];
  return (
    <DecisionTable
      label={t`Transfers`}
      rows={pairs}
      nameOf={pairWords}
      columns={columns}
      choices={choices.filter(({ isOffered }) => pairs.some((pair) => isOffered?.(pair)))}
      choicesWidth="200px"
      stateOf={(pair) =>
        pair.status !== "suggested" && (
          <Text size="xs" c="dimmed">
            {capitalised(pair.status)} {pair.decided_at && <When at={pair.decided_at} />}
          </Text>
        )
      }
      isBusy={isBusy}
    />
  );
}

function Evidence({ pair }: { pair: Transfer }) {
  const sure = howSure(pair.confidence);
  return (
    <>
      <Badge size="sm" mr={6} variant="light" color={sure.color} style={{ textTransform: "none" }}>
        {listed([sure.word, percent(pair.confidence)])}
      </Badge>
      <Text size="xs" c="dimmed">
        {asSentence(capitalised(listed(restsOn(pair))))}
      </Text>
      {!pair.is_whole && (
        <Text size="xs" c="red">
          <Trans>
            One of the rows was removed because its import was undone. Redo that import to restore the pair.
          </Trans>
        </Text>
      )}
      {pair.is_whole && !pair.fits && (
        <Text size="xs" c="red">
          <Trans>The amounts no longer match: the bank changed a row.</Trans>
        </Text>
      )}
    </>
  );
}
