import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import { proofQueries } from "../../api/proof";
import { reviewQueries } from "../../api/reviews";
import type { components } from "../../api/schema.gen";
import { transactionQueries } from "../../api/transactions";
import { sayDone } from "../../components/sayDone";

export type Review = components["schemas"]["ReviewRead"];
export type Decision = "kept" | "taken";

const MOST_AT_ONCE = 200;

function useRefresh() {
  const client = useQueryClient();
  return () => {
    for (const { all } of [reviewQueries, transactionQueries, proofQueries]) {
      void client.invalidateQueries({ queryKey: all });
    }
  };
}

/** Undoes decisions one by one; reports those that cannot be undone. */
export function useReopen() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (ids: string[]) => {
      for (const id of ids) {
        await answered(api.POST("/api/reviews/{review_id}/reopen", { params: { path: { review_id: id } } }));
      }
    },
    onSuccess: (_, ids) =>
      notifications.show({
        message: ids.length === 1 ? "Decision undone." : "Decisions undone.",
        color: "green",
      }),
    onError: (error) =>
      notifications.show({ title: "Undoing the decision failed", message: error.message, color: "red" }),
    onSettled: refresh,
  });
}

/** Decides one or several conflicts; the toast undoes it. */
export function useDecide() {
  const refresh = useRefresh();
  const reopen = useReopen();
  return useMutation({
    mutationFn: ({ ids, decision }: { ids: string[]; decision: Decision }) =>
      answered(api.POST("/api/reviews/decide", { body: { review_ids: ids.slice(0, MOST_AT_ONCE), decision } })),
    onSuccess: (done, { decision }) => {
      const problems = Object.keys(done.problems).length;
      const decided = done.reviews.map((item) => item.id);
      if (problems > 0) {
        notifications.show({
          title: `${problems} could not be decided`,
          message: `They may have been resolved in the meantime: ${[...new Set(Object.values(done.problems))].join(", ").replaceAll("_", " ")}.`,
          color: "yellow",
        });
      }
      if (decided.length === 0) return;
      const what = decision === "kept" ? "Stored row kept" : "Bank's values used";
      const message = decided.length === 1 ? `${what}.` : `${what}: ${decided.length} rows.`;
      sayDone(message, { label: "Undo", take: () => reopen.mutate(decided) });
    },
    onError: (error) =>
      notifications.show({ title: "Saving the decision failed", message: error.message, color: "red" }),
    onSettled: refresh,
  });
}
