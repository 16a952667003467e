import { Group, Text } from "@mantine/core";
import { TextLink } from "../../../components/TextLink";
import { formatCount } from "../../../lib/formatCount";
import type { STATUSES } from "../history/filters";

type Status = (typeof STATUSES)[number];
type Props = { counts: Record<string, number> };

const GROUPS: { name: string; statuses: Status[] }[] = [
  { name: "All rows stored, enrichment running:", statuses: ["enriching"] },
  { name: "Ended so far:", statuses: ["completed", "partly_failed", "failed", "cancelled", "undone"] },
];

/** How many imports have left the queue, by status; each count leads to them in the history. */
export function EndedCounts({ counts }: Props) {
  return GROUPS.map(({ name, statuses }) => {
    const found = statuses.filter((status) => counts[status]);
    return (
      found.length > 0 && (
        <Group key={name} gap="md" aria-label={name.slice(0, -1)} role="group">
          <Text size="sm" c="dimmed">
            {name}
          </Text>
          {found.map((status) => (
            <TextLink key={status} size="sm" to="/imports" search={{ status }}>
              {formatCount(counts[status] ?? 0)} {status.replaceAll("_", " ")}
            </TextLink>
          ))}
        </Group>
      )
    );
  });
}
