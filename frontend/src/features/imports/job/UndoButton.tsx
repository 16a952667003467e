import { Alert, List, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { importQueries } from "../../../api/imports";
import type { ImportStatus, UndoPlan } from "../../../api/types";
import { ConfirmButton } from "../../../components/ConfirmButton";
import { QueryState } from "../../../components/QueryState";
import { counted } from "../../../lib/formatCount";
import { useUndo } from "./useUndo";

/** The effects of undoing, in words. */
function changesOf(plan: UndoPlan): string[] {
  const parts: [number, string][] = [
    [plan.rows_removed, `${counted(plan.rows_removed, "row")} imported by it will be removed.`],
    [plan.rows_restored, `${counted(plan.rows_restored, "row")} removed by it will be restored.`],
    [plan.rows_reverted, `${counted(plan.rows_reverted, "row")} changed by it will get their previous values.`],
    [plan.edits.length, `${counted(plan.edits.length, "edit")} of yours will be kept.`],
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
        const message = `${counted(answer.undone.length, "import")} undone. You can redo it.`;
        notifications.show({ title: "Undone", message, color: "green" });
      },
    });
  }
  return (
    <ConfirmButton
      label="Undo"
      variant="default"
      title={`Undo import ${job.job_id}?`}
      confirm={plan && plan.later.length > 0 ? `Undo all ${plan.later.length + 1} imports` : "Undo it"}
      error={undo.error}
      isPending={undo.isPending}
      isReady={plan !== undefined}
      onOpen={() => {
        setWanted(true);
        void preview.refetch();
      }}
      onConfirm={confirm}
    >
      <QueryState query={preview} what="what undoing does" lines={1} />
      {plan && (
        <>
          {changes.length === 0 && <Text>No rows change: all rows of this import were already stored.</Text>}
          <List>
            {changes.map((change) => (
              <List.Item key={change}>{change}</List.Item>
            ))}
          </List>
          {plan.later.length > 0 && (
            <Alert color="yellow" title="Later imports must be undone first">
              Undoes {plan.later.map((id) => `import ${id}`).join(", ")} too, newest first.
            </Alert>
          )}
          <Text size="sm" c="dimmed">
            You can redo the import, and import the same days again.
          </Text>
        </>
      )}
    </ConfirmButton>
  );
}
