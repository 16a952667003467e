import { Alert, List, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { importQueries } from "../../../api/imports";
import type { ImportStatus, UndoPlan } from "../../../api/types";
import { ConfirmButton } from "../../../components/ConfirmButton";
import { LoadingState } from "../../../components/LoadingState";
import { counted } from "../../../lib/formatCount";
import { useUndo } from "./useUndo";

/** What undoing does, in words, without what it does not do. */
function changesOf(plan: UndoPlan): string[] {
  const parts: [number, string][] = [
    [plan.rows_removed, `${counted(plan.rows_removed, "row")} that it brought will go.`],
    [plan.rows_restored, `${counted(plan.rows_restored, "row")} that it took out will return.`],
    [plan.rows_reverted, `${counted(plan.rows_reverted, "row")} that it changed will be as before.`],
    [plan.edits.length, `${counted(plan.edits.length, "edit")} of yours will be kept.`],
  ];
  return parts.filter(([count]) => count > 0).map(([, words]) => words);
}

/** Undo an import, after saying what that does. */
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
        const message = `${counted(answer.undone.length, "import")} undone. You can take it back.`;
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
      error={undo.error ?? preview.error}
      isPending={undo.isPending}
      isReady={plan !== undefined}
      onOpen={() => {
        setWanted(true);
        void preview.refetch();
      }}
      onConfirm={confirm}
    >
      {preview.isPending && <LoadingState what="what undoing does" lines={1} />}
      {plan && (
        <>
          {changes.length === 0 && <Text>No row changes: this import brought none that was not held already.</Text>}
          <List>
            {changes.map((change) => (
              <List.Item key={change}>{change}</List.Item>
            ))}
          </List>
          {plan.later.length > 0 && (
            <Alert color="yellow" title="Later imports have to go first">
              Undoes {plan.later.map((id) => `import ${id}`).join(", ")} too, newest first.
            </Alert>
          )}
          <Text size="sm" c="dimmed">
            An undo can be taken back, and the same days can be imported again.
          </Text>
        </>
      )}
    </ConfirmButton>
  );
}
