import { ph, plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Alert, List, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { importQueries } from "../../../api/imports";
import type { ImportStatus, UndoPlan } from "../../../api/types";
import { ConfirmButton } from "../../../components/ConfirmButton";
import { QueryState } from "../../../components/QueryState";
import { listed } from "../../../lib/listed";
import { useUndo } from "./useUndo";

/** The effects of undoing, in words. */
function changesOf(plan: UndoPlan): string[] {
  const parts: [number, string][] = [
    [
      plan.rows_removed,
      t`${plural({ rowsRemoved: plan.rows_removed }, { one: "# row", other: "# rows" })} imported by it will be removed.`,
    ],
    [
      plan.rows_restored,
      t`${plural({ rowsRestored: plan.rows_restored }, { one: "# row", other: "# rows" })} removed by it will be restored.`,
    ],
    [
      plan.rows_reverted,
      t`${plural({ rowsReverted: plan.rows_reverted }, { one: "# row", other: "# rows" })} changed by it will get their previous values.`,
    ],
    [
      plan.edits.length,
      t`${plural({ edits: plan.edits.length }, { one: "# edit", other: "# edits" })} of yours will be kept.`,
    ],
  ];
  return parts.filter(([count]) => count > 0).map(([, words]) => words);
}

/** Undoes an import, after showing the effects. */
export function UndoButton({ job }: { job: ImportStatus }) {
  const [isWanted, setWanted] = useState(false);
  const preview = useQuery({ ...importQueries.undo(job.job_id), enabled: isWanted });
  const undo = useUndo(job.job_id);
  const plan = preview.data;
  const changes = plan ? changesOf(plan) : [];
  function confirm(close: () => void) {
    undo.mutate((plan?.later.length ?? 0) > 0, {
      onSuccess: (answer) => {
        close();
        const message = t`${plural({ undone: answer.undone.length }, { one: "# import", other: "# imports" })} undone. You can redo it.`;
        notifications.show({ title: t`Undone`, message, color: "green" });
      },
    });
  }
  return (
    <ConfirmButton
      label={t`Undo`}
      variant="default"
      title={t`Undo import ${{ jobId: job.job_id }}?`}
      confirm={plan && plan.later.length > 0 ? t`Undo all ${{ count: plan.later.length + 1 }} imports` : t`Undo it`}
      error={undo.error}
      isPending={undo.isPending}
      isReady={plan !== undefined}
      onOpen={() => {
        setWanted(true);
        void preview.refetch();
      }}
      onConfirm={confirm}
    >
      <QueryState query={preview} what={t`what undoing does`} lines={1} />
      {plan && (
        <>
          {changes.length === 0 && (
            <Text>
              <Trans>No rows change: all rows of this import were already stored.</Trans>
            </Text>
          )}
          <List>
            {changes.map((change) => (
              <List.Item key={change}>{change}</List.Item>
            ))}
          </List>
          {plan.later.length > 0 && (
            <Alert color="yellow" title={t`Later imports must be undone first`}>
              <Trans>Undoes {ph({ later: listed(plan.later.map((id) => t`import ${id}`)) })} too, newest first.</Trans>
            </Alert>
          )}
          <Text size="sm" c="dimmed">
            <Trans>You can redo the import, and import the same days again.</Trans>
          </Text>
        </>
      )}
    </ConfirmButton>
  );
}
