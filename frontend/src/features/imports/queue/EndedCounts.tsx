import type { MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { Group, Text } from "@mantine/core";
import { TextLink } from "../../../components/TextLink";
import { codeWords } from "../../../lib/codeWords";
import { formatCount } from "../../../lib/formatCount";
import type { STATUSES } from "../history/filters";

type Status = (typeof STATUSES)[number];
type Props = { counts: Record<string, number> };

const GROUPS: { name: MessageDescriptor; statuses: Status[] }[] = [
  { name: msg`All rows stored, enrichment running`, statuses: ["enriching"] },
  { name: msg`Ended so far`, statuses: ["completed", "partly_failed", "failed", "cancelled", "undone"] },
];

/** How many imports have left the queue, by status; each count leads to them in the history. */
export function EndedCounts({ counts }: Props) {
  return GROUPS.map(({ name, statuses }) => {
    const found = statuses.filter((status) => counts[status]);
    return (
      found.length > 0 && (
        <Group key={statuses[0]} gap="md" aria-label={t(name)} role="group">
          <Text size="sm" c="dimmed">
            {t(name)}:
          </Text>
          {found.map((status) => (
            <TextLink key={status} size="sm" to="/imports" search={{ status }}>
              {formatCount(counts[status] ?? 0)} {codeWords(status)}
            </TextLink>
          ))}
        </Group>
      )
    );
  });
}
