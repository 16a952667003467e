import { Button, Group, Modal, SegmentedControl, Stack, Text } from "@mantine/core";
import { IconChecks } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { reviewQueries } from "../../api/reviews";
import { useAccounts } from "../../api/useAccounts";
import { EmptyState } from "../../components/EmptyState";
import { MoreButton } from "../../components/MoreButton";
import { PageHeader } from "../../components/PageHeader";
import { QueryState } from "../../components/QueryState";
import { ReviewCard } from "./ReviewCard";
import { type Decision, useDecide, useReopen } from "./useReviews";

type Props = { decided: boolean; onShow: (decided: boolean) => void };

/** Conflicts that only the user can decide: between edits and the bank, or between two answers of the bank. */
export function ReviewPage({ decided, onShow }: Props) {
  const found = useInfiniteQuery(reviewQueries.list(decided));
  const decide = useDecide();
  const reopen = useReopen();
  const { nameOf } = useAccounts();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [isAsking, setAsking] = useState(false);
  const reviews = found.data?.pages.flatMap((page) => page.reviews) ?? [];
  const chosen = reviews.filter((item) => item.decision === null && selected.has(item.id));
  const lacking = chosen.filter((item) => item.kind === "bank_lacks_row").length;
  function select(ids: string[], isOn: boolean) {
    const next = new Set(selected);
    for (const id of ids) {
      if (isOn) next.add(id);
      else next.delete(id);
    }
    setSelected(next);
  }
  function decideAll(decision: Decision) {
    decide.mutate({ ids: chosen.map((item) => item.id), decision }, { onSuccess: () => setSelected(new Set()) });
    setAsking(false);
  }
  const open = reviews.filter((item) => item.decision === null).map((item) => item.id);
  return (
    <>
      <PageHeader title="Review">
        Conflicts between your values and the bank's, or between two answers of the bank. Stored rows stay unchanged
        until you decide.
      </PageHeader>
      <Stack>
        <Group justify="space-between">
          <SegmentedControl
            aria-label="Which conflicts"
            data={[
              { value: "open", label: "To decide" },
              { value: "decided", label: "Decided" },
            ]}
            value={decided ? "decided" : "open"}
            onChange={(value) => onShow(value === "decided")}
          />
          {open.length > 0 && (
            <Group gap="xs">
              {chosen.length > 0 && (
                <>
                  <Button size="sm" variant="default" onClick={() => setAsking(true)}>
                    Use the bank's values for {chosen.length}
                  </Button>
                  <Button size="sm" onClick={() => decideAll("kept")}>
                    Keep {chosen.length}
                  </Button>
                </>
              )}
              <Button size="sm" variant="subtle" onClick={() => select(open, chosen.length < open.length)}>
                {chosen.length < open.length ? "Select all" : "Select none"}
              </Button>
            </Group>
          )}
        </Group>
        <QueryState query={found} what="the review list" />
        {found.data && reviews.length === 0 && (
          <EmptyState icon={IconChecks} title={decided ? "No decisions yet" : "Nothing to review"}>
            {decided
              ? "Your decisions appear here. You can undo them."
              : "When a bank no longer lists a booked row, or contradicts your edit, it appears here."}
          </EmptyState>
        )}
        {reviews.map((review) => (
          <ReviewCard
            key={review.id}
            review={review}
            accountName={nameOf(review.transaction.account_id)}
            isSelected={selected.has(review.id)}
            onSelect={(isOn) => select([review.id], isOn)}
            onDecide={(decision) => decide.mutate({ ids: [review.id], decision })}
            onReopen={() => reopen.mutate([review.id])}
          />
        ))}
        <MoreButton pages={found} />
      </Stack>
      <Modal
        opened={isAsking}
        onClose={() => setAsking(false)}
        title={`Use the bank's values for ${chosen.length}?`}
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <Stack>
          <Text size="sm">
            {lacking > 0 && `${lacking} ${lacking === 1 ? "row is" : "rows are"} removed. `}
            {chosen.length - lacking > 0 &&
              `Your values on ${chosen.length - lacking} ${chosen.length - lacking === 1 ? "row" : "rows"} are replaced by the bank's. `}
            You can undo each of these decisions.
          </Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setAsking(false)} data-autofocus>
              Not now
            </Button>
            <Button color="red" onClick={() => decideAll("taken")}>
              Use the bank's values
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
