import { Checkbox, Stack, Table, Title } from "@mantine/core";
import type { QueueEntry } from "../../../api/types";
import { PART_NAMES, type Part } from "./filters";
import { QueueRow } from "./QueueRow";

type Props = {
  part: Part;
  entries: QueueEntry[];
  chosen: ReadonlySet<string>;
  isQueuePaused: boolean;
  onChoose: (chosen: ReadonlySet<string>) => void;
};

/** The jobs of one part of the queue. */
export function QueueTable({ part, entries, chosen, isQueuePaused, onChoose }: Props) {
  function toggle(jobId: string, isChosen: boolean) {
    const next = new Set(chosen);
    if (isChosen) next.add(jobId);
    else next.delete(jobId);
    onChoose(next);
  }
  return (
    <Stack gap="xs" component="section" aria-label={PART_NAMES[part]}>
      <Title order={2} size="h4">
        {PART_NAMES[part]}
      </Title>
      <Table.ScrollContainer minWidth={320}>
        <Table aria-label={PART_NAMES[part]}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={40}>
                <Checkbox
                  aria-label={`Select all: ${PART_NAMES[part]}`}
                  checked={entries.every((entry) => chosen.has(entry.job_id))}
                  onChange={(event) => {
                    const next = new Set(chosen);
                    for (const { job_id } of entries) {
                      if (event.currentTarget.checked) next.add(job_id);
                      else next.delete(job_id);
                    }
                    onChoose(next);
                  }}
                />
              </Table.Th>
              <Table.Th>Import</Table.Th>
              <Table.Th miw={110} visibleFrom="sm">
                Progress
              </Table.Th>
              <Table.Th ta="right" visibleFrom="md">
                Rows
              </Table.Th>
              <Table.Th ta="right" visibleFrom="md">
                Calls
              </Table.Th>
              <Table.Th ta="right" visibleFrom="lg">
                Costs
              </Table.Th>
              <Table.Th visibleFrom="sm">When</Table.Th>
              <Table.Th aria-label="Actions" />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {entries.map((entry) => (
              <QueueRow
                key={entry.job_id}
                entry={entry}
                isChosen={chosen.has(entry.job_id)}
                isQueuePaused={isQueuePaused}
                onChoose={(isChosen) => toggle(entry.job_id, isChosen)}
              />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  );
}
