import { Group, Text } from "@mantine/core";
import { TextLink } from "../../../components/TextLink";
import { formatCount } from "../../../lib/formatCount";
import { STATUSES } from "../history/filters";

const ENDED = STATUSES.slice(0, 6);

/** How many imports ended with each status; each count leads to them in the history. */
export function EndedCounts({ counts }: { counts: Record<string, number> }) {
  const ended = ENDED.filter((status) => counts[status]);
  if (ended.length === 0) return null;
  return (
    <Group gap="md" aria-label="Ended imports" role="group">
      <Text size="sm" c="dimmed">
        Ended so far:
      </Text>
      {ended.map((status) => (
        <TextLink key={status} size="sm" to="/imports" search={{ status }}>
          {formatCount(counts[status] ?? 0)} {status.replaceAll("_", " ")}
        </TextLink>
      ))}
    </Group>
  );
}
