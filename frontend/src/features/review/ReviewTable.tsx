import type { MessageDescriptor } from "@lingui/core";
import { msg, ph, plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Badge, Text } from "@mantine/core";
import type { Choice, Column, Kind } from "../../components/decisions";
import { DecisionTable } from "../../components/DecisionTable";
import { Money } from "../../components/Money";
import { RowSummary } from "../../components/RowSummary";
import { When } from "../../components/When";
import { formatCount } from "../../lib/formatCount";
import { fieldWords, valueWords } from "../../lib/rowWords";
import type { Decision, Review } from "./useReviews";
import { isLacking, reviewWords } from "./words";

type Props = {
  reviews: Review[];
  accountName: (accountId: string) => string;
  isBusy: boolean;
  onDecide: (reviews: Review[], decision: Decision) => void;
  onReopen: (reviews: Review[]) => void;
};

const DECISIONS: Record<string, MessageDescriptor> = {
  kept: msg`kept the stored row`,
  taken: msg`used the bank's values`,
  listed_again: msg`resolved: the bank lists it again`,
  withdrawn: msg`withdrawn: the import was undone`,
};

const QUESTIONS: Record<Review["kind"], MessageDescriptor> = {
  bank_lacks_row: msg`The bank's latest answer for this day lacks this booked row.`,
  bank_disagrees: msg`You set this value, and the bank now returns another one.`,
  unsure_which: msg`The bank changed the texts of several payments of this day and amount at once. Check that what you set belongs to this payment.`,
};

const KINDS: Kind<Review>[] = [
  openOnes("bank_lacks_row", msg`missing at the bank`),
  openOnes("bank_disagrees", msg`with another value at the bank`),
  openOnes("unsure_which", msg`with several changed texts`),
];

function openOnes(kind: Review["kind"], label: MessageDescriptor): Kind<Review> {
  return { label, isOf: (review) => review.decision === null && review.kind === kind };
}

/** Conflicts, one a line: the row, the question, both sides, and the possible decisions. */
export function ReviewTable({ reviews, accountName, isBusy, onDecide, onReopen }: Props) {
  const columns: Column<Review>[] = [
    {
      title: t`Row`,
      width: "minmax(0, 2fr)",
      compact: "first",
      cell: ({ transaction }, tabIndex) => (
        <RowSummary row={transaction} accountName={accountName(transaction.account_id)} tabIndex={tabIndex} />
      ),
    },
    {
      title: t`Amount`,
      width: "88px",
      compact: "beside",
      isAmount: true,
      cell: ({ transaction }) => <Money amount={transaction.amount} currency={transaction.currency} />,
    },
    {
      title: t`Question`,
      width: "minmax(0, 1.8fr)",
      compact: "line",
      cell: (review) => (
        <>
          <Text size="xs">{t(QUESTIONS[review.kind])}</Text>
          <Text size="xs" c="dimmed">
            <Trans>
              Found by import {ph({ jobId: review.job_id })}, <When at={review.created_at} />
            </Trans>
          </Text>
        </>
      ),
    },
    {
      title: t`Stored`,
      width: "minmax(0, 0.9fr)",
      compact: "line",
      isNamed: true,
      cell: (review) => (isLacking(review) ? t`present` : <Values values={review.ours} others={review.banks} />),
    },
    {
      title: t`The bank`,
      width: "minmax(0, 0.9fr)",
      compact: "line",
      isNamed: true,
      cell: (review) => (isLacking(review) ? t`missing` : <Values values={review.banks} others={review.ours} />),
    },
  ];
  const choices: Choice<Review>[] = [
    {
      key: "b",
      does: t`accepts the bank's side`,
      label: (review) => (isLacking(review) ? t`Remove the row` : t`Use the bank's`),
      labelOfAll: (open) =>
        open.every(isLacking)
          ? t`Remove ${plural({ open: open.length }, { one: "# row", other: "# rows" })}`
          : t`Use the bank's values for ${{ open: formatCount(open.length) }}`,
      isOffered: ({ decision }) => decision === null,
      take: (open) => onDecide(open, "taken"),
    },
    {
      key: "c",
      does: t`keeps what is stored`,
      isMain: true,
      label: (review) => (isLacking(review) ? t`Keep the row` : t`Keep mine`),
      labelOfAll: (open) => t`Keep ${{ open: formatCount(open.length) }}`,
      isOffered: ({ decision }) => decision === null,
      take: (open) => onDecide(open, "kept"),
    },
    {
      key: "u",
      does: t`undoes a decision`,
      label: () => t`Undo the decision`,
      labelOfAll: (open) => t`Undo ${{ open: formatCount(open.length) }}`,
      isOffered: ({ decision }) => decision !== null && decision !== "listed_again",
      take: onReopen,
    },
  ];
  return (
    <DecisionTable
      label={t`Review`}
      rows={reviews}
      nameOf={reviewWords}
      columns={columns}
      choices={choices.filter(({ isOffered }) => reviews.some((review) => isOffered?.(review)))}
      kinds={KINDS}
      choicesWidth="248px"
      stateOf={(review) => review.decision !== null && <Decided review={review} decision={review.decision} />}
      isBusy={isBusy}
    />
  );
}

function Decided({ review, decision }: { review: Review; decision: string }) {
  return (
    <>
      <Badge
        size="sm"
        variant="light"
        color={decision === "listed_again" ? "gray" : "green"}
        style={{ textTransform: "none" }}
      >
        {DECISIONS[decision] && t(DECISIONS[decision])}
      </Badge>
      {review.decided_at && (
        <Text size="xs" c="dimmed">
          <When at={review.decided_at} />
        </Text>
      )}
    </>
  );
}

function Values({ values, others }: { values: Record<string, unknown>; others: Record<string, unknown> }) {
  return Object.entries(values).map(([name, value]) => (
    <Text key={name} size="sm">
      <Trans>
        {ph({ name: fieldWords(name) ?? name })}:{" "}
        <Text span size="sm" fw={value === others[name] ? 400 : 600}>
          {ph({ value: valueWords(value) })}
        </Text>
      </Trans>
    </Text>
  ));
}
