import { Button, Group, List, Modal, Stack, Text } from "@mantine/core";
import { Problem } from "../../components/Problem";
import { formatDay } from "../../lib/formatDay";
import { useOnce } from "../../lib/useOnce";
import { lengthOf } from "./days";
import { useHeal } from "./useHeal";

type Days = { from: string; to: string };
type Props = {
  accountId: string;
  name: string;
  refetch: Days[];
  onStarted: (jobIds: number[]) => void;
  onClose: () => void;
};

/** Say what the bank will be asked for before it is. */
export function HealDialog({ accountId, name, refetch, onStarted, onClose }: Props) {
  const heal = useHeal(accountId);
  const begin = useOnce(async () => onStarted((await heal.mutateAsync()).job_ids));
  const days = refetch.reduce((sum, item) => sum + lengthOf(item), 0);
  return (
    <Modal opened onClose={onClose} title={`Ask the bank again for days of ${name}`}>
      <Stack>
        <Text size="sm">
          Imports are started for the fewest days that may hold what is missing: {days} {days === 1 ? "day" : "days"} in
          all. Days that were asked for in vain before are asked for in smaller pieces.
        </Text>
        <List size="sm" style={{ maxHeight: 220, overflowY: "auto" }}>
          {refetch.map((item) => (
            <List.Item key={item.from}>
              {formatDay(item.from)}
              {item.to !== item.from && ` to ${formatDay(item.to)}`}
            </List.Item>
          ))}
        </List>
        <Text size="sm" c="dimmed">
          What the bank gives now is matched with what is stored: rows that are there already stay as they are, and
          nothing is made up to let a sum come out. Each import can be undone.
        </Text>
        {heal.error && <Problem error={heal.error} />}
        <Group justify="end">
          <Button variant="default" onClick={onClose}>
            Not now
          </Button>
          <Button loading={heal.isPending} onClick={() => void begin()}>
            Ask the bank again
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
