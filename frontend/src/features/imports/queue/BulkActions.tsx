import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import type { QueueEntry } from "../../../api/types";
import { ConfirmButton } from "../../../components/ConfirmButton";
import { Problem } from "../../../components/Problem";
import { counted } from "../../../lib/formatCount";
import { type BulkAction, useBulk } from "./useBulk";

const ACTIONS: [BulkAction, string, QueueEntry["status"][]][] = [
  ["next", "Run next", ["queued"]],
  ["pause", "Pause", ["queued", "running", "waiting"]],
  ["resume", "Resume", ["paused", "pausing"]],
  ["cancel", "Cancel", ["queued", "running", "waiting", "paused", "pausing"]],
  ["retry", "Retry what failed", ["failed", "partly_failed", "cancelled"]],
];

/** Actions for all selected imports; each button shows how many it applies to. */
export function BulkActions({ entries, onDone }: { entries: QueueEntry[]; onDone: () => void }) {
  const bulk = useBulk();
  if (entries.length === 0) return null;
  function act(action: BulkAction, label: string, chosen: QueueEntry[], close?: () => void) {
    bulk.mutate(
      { action, job_ids: chosen.map((entry) => entry.job_id) },
      {
        onSuccess: ({ outcomes }) => {
          const refused = Object.values(outcomes).filter((outcome) => outcome === "not_possible_now").length;
          const message = refused
            ? `${counted(refused, "import")} could not be changed in its current status.`
            : `${label}: ${counted(chosen.length, "import")}.`;
          notifications.show({ message, color: refused ? "yellow" : "green" });
          close?.();
          onDone();
        },
      },
    );
  }
  return (
    <Group gap="xs" role="group" aria-label="Actions for the selected imports">
      <Text size="sm">{counted(entries.length, "import")} selected</Text>
      {ACTIONS.map(([action, label, statuses]) => {
        const chosen = entries.filter((entry) => statuses.includes(entry.status));
        if (chosen.length === 0) return null;
        if (action === "cancel") {
          return (
            <ConfirmButton
              key={action}
              label={`${label} (${chosen.length})`}
              size="compact-sm"
              variant="default"
              title={`Cancel ${counted(chosen.length, "import")}?`}
              confirm={`Cancel ${counted(chosen.length, "import")}`}
              error={bulk.error}
              isPending={bulk.isPending}
              onConfirm={(close) => act(action, label, chosen, close)}
            >
              They stop at once. Stored rows stay, and you can retry the rest.
            </ConfirmButton>
          );
        }
        return (
          <Button
            key={action}
            size="compact-sm"
            variant="default"
            loading={bulk.isPending && bulk.variables.action === action}
            onClick={() => act(action, label, chosen)}
          >
            {label} ({chosen.length})
          </Button>
        );
      })}
      {bulk.error && <Problem error={bulk.error} />}
    </Group>
  );
}
