import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import type { QueueEntry } from "../../../api/types";
import { Problem } from "../../../components/Problem";
import { counted } from "../../../lib/formatCount";
import type { JobAction } from "../job/useControlImport";
import { useBulk } from "./useBulk";

const ACTIONS: [JobAction, string, QueueEntry["status"][]][] = [
  ["pause", "Pause", ["queued", "running", "waiting"]],
  ["resume", "Resume", ["paused", "pausing"]],
  ["cancel", "Cancel", ["queued", "running", "waiting", "paused", "pausing"]],
  ["retry", "Retry what failed", ["failed", "partly_failed", "cancelled"]],
];

/** Actions for all selected imports; each button shows how many it applies to. */
export function BulkActions({ entries, onDone }: { entries: QueueEntry[]; onDone: () => void }) {
  const bulk = useBulk();
  if (entries.length === 0) return null;
  function act(action: JobAction, label: string, fitting: QueueEntry[]) {
    bulk.mutate(
      { action, job_ids: fitting.map((entry) => entry.job_id) },
      {
        onSuccess: ({ outcomes }) => {
          const refused = Object.values(outcomes).filter((outcome) => outcome === "not_possible_now").length;
          const message = refused
            ? `${counted(refused, "import")} could not be changed in its current status.`
            : `${label}: ${counted(fitting.length, "import")}.`;
          notifications.show({ message, color: refused ? "yellow" : "green" });
          onDone();
        },
      },
    );
  }
  return (
    <Group gap="xs" role="group" aria-label="Actions for the selected imports">
      <Text size="sm">{counted(entries.length, "import")} selected</Text>
      {ACTIONS.map(([action, label, statuses]) => {
        const fitting = entries.filter((entry) => statuses.includes(entry.status));
        if (fitting.length === 0) return null;
        return (
          <Button
            key={action}
            size="compact-sm"
            variant="default"
            loading={bulk.isPending && bulk.variables.action === action}
            onClick={() => act(action, label, fitting)}
          >
            {label} ({fitting.length})
          </Button>
        );
      })}
      {bulk.error && <Problem error={bulk.error} />}
    </Group>
  );
}
