import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
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
  const name = t(PART_NAMES[part]);
  return (
    <Stack gap="xs" component="section" aria-label={name}>
      <Title order={2} size="h4">
        {name}
      </Title>
      <Table.ScrollContainer minWidth={320}>
        <Table aria-label={name}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={40}>
                <Checkbox
                  aria-label={t`Select all: ${name}`}
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
              <Table.Th>
                <Trans>Import</Trans>
              </Table.Th>
              <Table.Th miw={110} visibleFrom="sm">
                <Trans>Progress</Trans>
              </Table.Th>
              <Table.Th ta="right" visibleFrom="md">
                <Trans>Rows</Trans>
              </Table.Th>
              <Table.Th ta="right" visibleFrom="md">
                <Trans>Calls</Trans>
              </Table.Th>
              <Table.Th ta="right" visibleFrom="lg">
                <Trans>Costs</Trans>
              </Table.Th>
              <Table.Th visibleFrom="sm">
                <Trans>When</Trans>
              </Table.Th>
              <Table.Th aria-label={t`Actions`} />
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
