import { Badge, Text } from "@mantine/core";
import type { Choice, Column, Kind } from "../../components/decisions";
import { DecisionTable } from "../../components/DecisionTable";
import { Money } from "../../components/Money";
import { RowSummary } from "../../components/RowSummary";
import { When } from "../../components/When";
import { counted, formatCount } from "../../lib/formatCount";
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

const DECISIONS: Record<string, string> = {
  kept: "kept the stored row",
  taken: "used the bank's values",
  listed_again: "resolved: the bank lists it again",
};

const QUESTIONS: Record<Review["kind"], string> = {
  bank_lacks_row: "The bank's latest answer for this day lacks this booked row.",
  bank_disagrees: "You set this value, and the bank now returns another one.",
  unsure_which:
    "The bank changed the texts of several payments of this day and amount at once. Check that what you set belongs to this payment.",
};

const KINDS: Kind<Review>[] = [
  openOnes("bank_lacks_row", "missing at the bank"),
  openOnes("bank_disagrees", "with another value at the bank"),
  openOnes("unsure_which", "with several changed texts"),
];

function openOnes(kind: Review["kind"], label: string): Kind<Review> {
  return { label, isOf: (review) => review.decision === null && review.kind === kind };
}

/** Conflicts, one a line: the row, the question, both sides, and the possible decisions. */
export function ReviewTable({ reviews, accountName, isBusy, onDecide, onReopen }: Props) {
  const columns: Column<Review>[] = [
    {
      title: "Row",
      width: "minmax(0, 2fr)",
      compact: "first",
      cell: ({ transaction }, tabIndex) => (
        <RowSummary row={transaction} accountName={accountName(transaction.account_id)} tabIndex={tabIndex} />
      ),
    },
    {
      title: "Amount",
      width: "88px",
      compact: "beside",
      isAmount: true,
      cell: ({ transaction }) => <Money amount={transaction.amount} currency={transaction.currency} />,
    },
    {
      title: "Question",
      width: "minmax(0, 1.8fr)",
      compact: "line",
      cell: (review) => (
        <>
          <Text size="xs">{QUESTIONS[review.kind]}</Text>
          <Text size="xs" c="dimmed">
            Found by import {review.job_id}, <When at={review.created_at} />
          </Text>
        </>
      ),
    },
    {
      title: "Stored",
      width: "minmax(0, 0.9fr)",
      compact: "line",
      isNamed: true,
      cell: (review) => (isLacking(review) ? "present" : <Values values={review.ours} others={review.banks} />),
    },
    {
      title: "The bank",
      width: "minmax(0, 0.9fr)",
      compact: "line",
      isNamed: true,
      cell: (review) => (isLacking(review) ? "missing" : <Values values={review.banks} others={review.ours} />),
    },
  ];
  const choices: Choice<Review>[] = [
    {
      key: "b",
      does: "accepts the bank's side",
      label: (review) => (isLacking(review) ? "Remove the row" : "Use the bank's"),
      labelOfAll: (open) =>
        open.every(isLacking)
          ? `Remove ${counted(open.length, "row")}`
          : `Use the bank's values for ${formatCount(open.length)}`,
      isOffered: ({ decision }) => decision === null,
      take: (open) => onDecide(open, "taken"),
    },
    {
      key: "c",
      does: "keeps what is stored",
      isMain: true,
      label: (review) => (isLacking(review) ? "Keep the row" : "Keep mine"),
      labelOfAll: (open) => `Keep ${formatCount(open.length)}`,
      isOffered: ({ decision }) => decision === null,
      take: (open) => onDecide(open, "kept"),
    },
    {
      key: "u",
      does: "undoes a decision",
      label: () => "Undo the decision",
      labelOfAll: (open) => `Undo ${formatCount(open.length)}`,
      isOffered: ({ decision }) => decision !== null && decision !== "listed_again",
      take: onReopen,
    },
  ];
  return (
    <DecisionTable
      label="Review"
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
        {DECISIONS[decision]}
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
      {fieldWords(name) ?? name}:{" "}
      <Text span size="sm" fw={value === others[name] ? 400 : 600}>
        {valueWords(value)}
      </Text>
    </Text>
  ));
}
