import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
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
import { formatCount } from "../../lib/formatCount";
import { useKeys } from "../../lib/useKeys";
import { useUndoSteps } from "../../lib/useUndoSteps";
import { ReviewTable } from "./ReviewTable";
import { type Decision, type Review, useDecide, useReopen } from "./useReviews";
import { isLacking } from "./words";

type Props = { decided: boolean; onShow: (decided: boolean) => void };

/** Conflicts that only the user can decide: between edits and the bank, or between two answers of the bank. */
export function ReviewPage({ decided, onShow }: Props) {
  const found = useInfiniteQuery(reviewQueries.list(decided));
  const { remember, undoLast } = useUndoSteps();
  useKeys({ "mod+z": undoLast });
  const decide = useDecide(remember);
  const reopen = useReopen();
  const { nameOf } = useAccounts();
  /** The conflicts for which the bank's side is to be used, once the user confirms. */
  const [asked, setAsked] = useState<Review[]>([]);
  const [isAsking, setAsking] = useState(false);
  const reviews = found.data?.pages.flatMap((page) => page.reviews) ?? [];
  const lacking = asked.filter(isLacking).length;
  const replaced = asked.length - lacking;
  function act(chosen: Review[], decision: Decision) {
    if (decision === "taken" && chosen.length > 1) {
      setAsked(chosen);
      setAsking(true);
    } else decide.mutate({ reviews: chosen, decision });
  }
  return (
    <>
      <PageHeader title={t`Review`}>
        <Trans>
          Conflicts between your values and the bank's, or between two answers of the bank. Stored rows stay unchanged
          until you decide.
        </Trans>
      </PageHeader>
      <Stack>
        <Group>
          <SegmentedControl
            aria-label={t`Which conflicts`}
            data={[
              { value: "open", label: t`To decide` },
              { value: "decided", label: t`Decided` },
            ]}
            value={decided ? "decided" : "open"}
            onChange={(value) => onShow(value === "decided")}
          />
        </Group>
        <QueryState query={found} what={t`the review list`} />
        {found.data && reviews.length === 0 && (
          <EmptyState icon={IconChecks} title={decided ? t`No decisions yet` : t`Nothing to review`}>
            {decided
              ? t`Your decisions appear here. You can undo them.`
              : t`When a bank no longer lists a booked row, or contradicts your edit, it appears here.`}
          </EmptyState>
        )}
        {reviews.length > 0 && (
          <ReviewTable
            key={String(decided)}
            reviews={reviews}
            accountName={nameOf}
            isBusy={decide.isPending || reopen.isPending}
            onDecide={act}
            onReopen={(chosen) => reopen.mutate(chosen)}
          />
        )}
        <MoreButton pages={found} />
      </Stack>
      <Modal
        opened={isAsking}
        onClose={() => setAsking(false)}
        title={
          replaced === 0
            ? t`Remove ${plural({ asked: asked.length }, { one: "# row", other: "# rows" })}?`
            : t`Use the bank's values for ${{ asked: formatCount(asked.length) }}?`
        }
        closeButtonProps={{ "aria-label": t`Close` }}
      >
        <Stack>
          <Text size="sm">
            {lacking > 0 && t`${plural(lacking, { one: "# row is", other: "# rows are" })} removed.`}{" "}
            {replaced > 0 &&
              t`Your values on ${plural(replaced, { one: "# row", other: "# rows" })} are replaced by the bank's.`}{" "}
            <Trans>You can undo each of these decisions.</Trans>
          </Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setAsking(false)} data-autofocus>
              <Trans>Not now</Trans>
            </Button>
            <Button
              color="red"
              onClick={() => {
                decide.mutate({ reviews: asked, decision: "taken" });
                setAsking(false);
              }}
            >
              {replaced === 0 ? t`Remove the rows` : t`Use the bank's values`}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
