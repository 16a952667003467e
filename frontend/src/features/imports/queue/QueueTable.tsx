import { Checkbox, Progress, Stack, Table, Text, Title } from "@mantine/core";
import type { QueueEntry } from "../../../api/types";
import { StatusBadge } from "../../../components/StatusBadge";
import { TextLink } from "../../../components/TextLink";
import { When } from "../../../components/When";
import { formatDay } from "../../../lib/formatDay";
import { PART_NAMES, type Part } from "./filters";

type Props = {
  part: Part;
  entries: QueueEntry[];
  chosen: ReadonlySet<string>;
  onChoose: (chosen: ReadonlySet<string>) => void;
};

/** The jobs of one part of the queue. */
export function QueueTable({ part, entries, chosen, onChoose }: Props) {
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
              <Table.Th>Status</Table.Th>
              <Table.Th visibleFrom="md">Days</Table.Th>
              <Table.Th miw={100} maw={180}>
                Progress
              </Table.Th>
              <Table.Th visibleFrom="md">{part === "recent" ? "Ended" : "Since"}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {entries.map((entry) => (
              <Table.Tr key={entry.job_id}>
                <Table.Td>
                  <Checkbox
                    aria-label={`Select import ${entry.job_id}`}
                    checked={chosen.has(entry.job_id)}
                    onChange={(event) => toggle(entry.job_id, event.currentTarget.checked)}
                  />
                </Table.Td>
                <Table.Td>
                  <TextLink size="sm" to="/imports/$jobId" params={{ jobId: entry.job_id }}>
                    {entry.job_id}, {entry.bank}
                  </TextLink>
                </Table.Td>
                <Table.Td>
                  <StatusBadge status={entry.status} />
                  {entry.until && (
                    <Text size="sm">
                      resumes <When at={entry.until} />
                      {entry.why && `: ${entry.why}`}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td visibleFrom="md">
                  {formatDay(entry.date_range.from)} – {formatDay(entry.date_range.to)}
                </Table.Td>
                <Table.Td>
                  <Progress value={entry.percent} aria-label={`${entry.percent} percent of import ${entry.job_id}`} />
                  <Text size="sm">
                    {entry.percent} %, {entry.completed_accounts} of {entry.total_accounts} accounts
                  </Text>
                </Table.Td>
                <Table.Td visibleFrom="md">
                  <When at={entry.completed_at ?? entry.started_at ?? entry.created_at} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  );
}
