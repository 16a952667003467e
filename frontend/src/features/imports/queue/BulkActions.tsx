import type { MessageDescriptor } from "@lingui/core";
import { msg, plural, t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import type { QueueEntry } from "../../../api/types";
import { ConfirmButton } from "../../../components/ConfirmButton";
import { Problem } from "../../../components/Problem";
import { labelled, asSentence } from "../../../lib/listed";
import { type BulkAction, useBulk } from "./useBulk";

const ACTIONS: [BulkAction, MessageDescriptor, QueueEntry["status"][]][] = [
  ["next", msg`Run next`, ["queued"]],
  ["pause", msg`Pause`, ["queued", "running", "waiting"]],
  ["resume", msg`Resume`, ["paused", "pausing"]],
  ["cancel", msg`Cancel`, ["queued", "running", "waiting", "paused", "pausing"]],
  ["retry", msg`Retry what failed`, ["failed", "partly_failed", "cancelled"]],
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
            ? t`${plural(refused, { one: "# import", other: "# imports" })} could not be changed in its current status.`
            : asSentence(labelled(label, plural({ chosen: chosen.length }, { one: "# import", other: "# imports" })));
          notifications.show({ message, color: refused ? "yellow" : "green" });
          close?.();
          onDone();
        },
      },
    );
  }
  return (
    <Group gap="xs" role="group" aria-label={t`Actions for the selected imports`}>
      <Text size="sm">
        <Trans>
          <Plural value={{ entries: entries.length }} one="# import" other="# imports" /> selected
        </Trans>
      </Text>
      {ACTIONS.map(([action, name, statuses]) => {
        const label = t(name);
        const chosen = entries.filter((entry) => statuses.includes(entry.status));
        if (chosen.length === 0) return null;
        if (action === "cancel") {
          return (
            <ConfirmButton
              key={action}
              label={`${label} (${chosen.length})`}
              size="compact-sm"
              variant="default"
              title={t`Cancel ${plural({ chosen: chosen.length }, { one: "# import", other: "# imports" })}?`}
              confirm={t`Cancel ${plural({ chosen: chosen.length }, { one: "# import", other: "# imports" })}`}
              error={bulk.error}
              isPending={bulk.isPending}
              onConfirm={(close) => act(action, label, chosen, close)}
            >
              <Trans>They stop at once. Stored rows stay, and you can retry the rest.</Trans>
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
