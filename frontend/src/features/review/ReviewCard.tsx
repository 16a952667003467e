import { Badge, Button, Card, Checkbox, Group, Paper, SimpleGrid, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { Money } from "../../components/Money";
import { TextLink } from "../../components/TextLink";
import { When } from "../../components/When";
import { formatDay } from "../../lib/dates";
import { valueWords } from "../../lib/rowWords";
import type { Decision, Review } from "./useReviews";

type Props = {
  review: Review;
  accountName: string;
  isSelected: boolean;
  onSelect: (isOn: boolean) => void;
  onDecide: (decision: Decision) => void;
  onReopen: () => void;
};

const DECISIONS: Record<string, string> = {
  kept: "kept the stored row",
  taken: "used the bank's values",
  listed_again: "resolved: the bank lists it again",
};

const REASONS: Record<Review["kind"], string> = {
  bank_lacks_row: "This booked row is stored, but the bank's latest answer for its day does not include it.",
  bank_disagrees: "You set this value, and the bank now returns another one.",
  unsure_which:
    "The bank changed the texts of several payments of this day and amount at once. Check that what you set belongs to this payment.",
};

/** One conflict with both sides, and the two ways to decide it. */
export function ReviewCard({ review, accountName, isSelected, onSelect, onDecide, onReopen }: Props) {
  const row = review.transaction;
  const isLacking = review.kind === "bank_lacks_row";
  return (
    <Card withBorder component="article" aria-label={`${row.description}, ${formatDay(row.date)}`}>
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Group gap="sm" wrap="nowrap" align="flex-start">
            {review.decision === null && (
              <Checkbox
                mt={3}
                aria-label={`Select ${row.description}`}
                checked={isSelected}
                onChange={(event) => onSelect(event.currentTarget.checked)}
              />
            )}
            <div>
              <TextLink
                to="/transactions"
                search={{ row: row.id, account: row.account_id, from: row.date, to: row.date }}
                fw={600}
              >
                {row.description || "no description"}
              </TextLink>
              <Text size="sm" c="dimmed">
                {formatDay(row.date)} · {accountName} · found by import {review.job_id}, <When at={review.created_at} />
              </Text>
            </div>
          </Group>
          <Text fw={600} style={{ whiteSpace: "nowrap" }}>
            <Money amount={row.amount} currency={row.currency} />
          </Text>
        </Group>
        <Text size="sm">{REASONS[review.kind]}</Text>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          <Side title="Stored">
            {isLacking ? "The row is present." : <Values values={review.ours} others={review.banks} />}
          </Side>
          <Side title="The bank">
            {isLacking ? "The row is missing." : <Values values={review.banks} others={review.ours} />}
          </Side>
        </SimpleGrid>
        {review.decision === null ? (
          <Group justify="flex-end">
            <Button size="sm" variant="default" onClick={() => onDecide("taken")}>
              {isLacking ? "Remove the row" : "Use the bank's"}
            </Button>
            <Button size="sm" onClick={() => onDecide("kept")}>
              {isLacking ? "Keep the row" : "Keep mine"}
            </Button>
          </Group>
        ) : (
          <Group justify="space-between">
            <Group gap="xs">
              <Badge
                variant="light"
                color={review.decision === "listed_again" ? "gray" : "green"}
                style={{ textTransform: "none" }}
              >
                {DECISIONS[review.decision]}
              </Badge>
              {review.decided_at && (
                <Text size="sm" c="dimmed">
                  <When at={review.decided_at} />
                </Text>
              )}
            </Group>
            {review.decision !== "listed_again" && (
              <Button size="xs" variant="default" onClick={onReopen}>
                Undo the decision
              </Button>
            )}
          </Group>
        )}
      </Stack>
    </Card>
  );
}

function Side({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Paper withBorder p="xs">
      <Text size="xs" c="dimmed">
        {title}
      </Text>
      <Text size="sm" component="div" style={{ overflowWrap: "anywhere" }}>
        {children}
      </Text>
    </Paper>
  );
}

function Values({ values, others }: { values: Record<string, unknown>; others: Record<string, unknown> }) {
  return (
    <>
      {Object.entries(values).map(([name, value]) => (
        <div key={name}>
          {name.replaceAll("_", " ")}:{" "}
          <Text span size="sm" fw={value === others[name] ? 400 : 600}>
            {valueWords(value)}
          </Text>
        </div>
      ))}
    </>
  );
}
