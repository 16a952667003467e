import type { MessageDescriptor } from "@lingui/core";
import { msg, plural, t } from "@lingui/core/macro";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import { oneByOne } from "../../api/oneByOne";
import { proofQueries } from "../../api/proof";
import { reviewQueries } from "../../api/reviews";
import type { components } from "../../api/schema.gen";
import { transactionQueries } from "../../api/transactions";
import { sayDone } from "../../components/sayDone";
import { sayFailures } from "../../components/sayFailures";
import { formatCount } from "../../lib/formatCount";
import { labelled, asSentence } from "../../lib/listed";
import { reviewWords } from "./words";

export type Review = components["schemas"]["ReviewRead"];
export type Decision = "kept" | "taken";

const MOST_AT_ONCE = 200;

function useRefresh() {
  const client = useQueryClient();
  // Awaited, so that a decided conflict is not offered again before the list is refetched.
  return async () => {
    for (const { all } of [transactionQueries, proofQueries]) void client.invalidateQueries({ queryKey: all });
    await client.invalidateQueries({ queryKey: reviewQueries.all });
  };
}

/** Undoes decisions one by one; reports those that cannot be undone. */
export function useReopen() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (reviews: Review[]) =>
      oneByOne(reviews, ({ id }) =>
        answered(api.POST("/api/reviews/{review_id}/reopen", { params: { path: { review_id: id } } })),
      ),
    onSuccess: ({ done, failed }, reviews) => {
      if (failed.length > 0) {
        sayFailures(
          reviews.length === 1
            ? t`Undoing the decision failed`
            : t`Undoing ${{ failed: formatCount(failed.length) }} of ${plural({ reviews: reviews.length }, { one: "# decision", other: "# decisions" })} failed`,
          failed.map(({ item, error }) => labelled(reviewWords(item), error.message)),
        );
      }
      if (done.length === 0) return;
      notifications.show({
        message:
          done.length === 1
            ? t`Decision undone.`
            : t`${plural({ done: done.length }, { one: "# decision", other: "# decisions" })} undone.`,
        color: "green",
      });
    },
    onSettled: refresh,
  });
}

/** Decides conflicts, at most 200 a request; reports those that could not be decided. */
async function decideAll(reviews: Review[], decision: Decision) {
  const decided: Review[] = [];
  const problems: Record<string, string> = {};
  const batches = Array.from({ length: Math.ceil(reviews.length / MOST_AT_ONCE) }, (_, index) =>
    reviews.slice(index * MOST_AT_ONCE, (index + 1) * MOST_AT_ONCE).map(({ id }) => id),
  );
  const { failed } = await oneByOne(batches, async (review_ids) => {
    const done = await answered(api.POST("/api/reviews/decide", { body: { review_ids, decision } }));
    decided.push(...done.reviews);
    Object.assign(problems, done.problems);
  });
  for (const { item, error } of failed) for (const id of item) problems[id] = error.message;
  return { decided, problems };
}

/** Decides one or several conflicts; `remember` takes the step that undoes it, which the toast offers. */
export function useDecide(remember: (undo: () => void) => () => void) {
  const refresh = useRefresh();
  const reopen = useReopen();
  return useMutation({
    mutationFn: ({ reviews, decision }: { reviews: Review[]; decision: Decision }) => decideAll(reviews, decision),
    onSuccess: ({ decided, problems }, { reviews, decision }) => {
      const failed = reviews.filter(({ id }) => id in problems);
      if (failed.length > 0) {
        sayFailures(
          reviews.length === 1
            ? t`Saving the decision failed`
            : t`Saving ${{ failed: formatCount(failed.length) }} of ${plural({ reviews: reviews.length }, { one: "# decision", other: "# decisions" })} failed`,
          failed.map((item) => labelled(reviewWords(item), problemWords(problems[item.id]))),
        );
      }
      if (decided.length === 0) return;
      const what = decision === "kept" ? t`Stored row kept` : t`Bank's values used`;
      const message =
        decided.length === 1
          ? asSentence(what)
          : asSentence(labelled(what, plural({ decided: decided.length }, { one: "# row", other: "# rows" })));
      sayDone(message, { label: t`Undo`, take: remember(() => reopen.mutate(decided)) });
    },
    onSettled: refresh,
  });
}

const PROBLEMS: Record<string, MessageDescriptor> = {
  review_not_found: msg`it no longer exists`,
  not_possible_now: msg`it was resolved in the meantime`,
};

/** Why a conflict could not be decided: in words for the API's codes, and as it is for the message of an error. */
function problemWords(problem = ""): string {
  const words = PROBLEMS[problem];
  return words === undefined ? problem.replaceAll("_", " ") : t(words);
}
