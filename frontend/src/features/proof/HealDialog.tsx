import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Button, Group, List, Stack, Text } from "@mantine/core";
import { OpenDialog } from "../../components/OpenDialog";
import { Problem } from "../../components/Problem";
import { formatDay } from "../../lib/dates";
import { useOnce } from "../../lib/useOnce";
import { lengthOf } from "./days";
import { useHeal } from "./useHeal";

type Days = { from: string; to: string };
type Props = {
  accountId: string;
  name: string;
  refetch: Days[];
  onStarted: (jobIds: string[]) => void;
  onClose: () => void;
};

/** Shows what will be fetched before it is fetched. */
export function HealDialog({ accountId, name, refetch, onStarted, onClose }: Props) {
  const heal = useHeal(accountId);
  const begin = useOnce(async () => onStarted((await heal.mutateAsync()).job_ids));
  const days = refetch.reduce((sum, item) => sum + lengthOf(item), 0);
  return (
    <OpenDialog onClose={onClose} title={t`Fetch days of ${name} again`}>
      <Stack>
        <Text size="sm">
          <Trans>
            Imports are started for the fewest days that may contain the missing rows:{" "}
            <Plural value={days} one="# day" other="# days" /> in total. Days that returned nothing before are fetched
            in smaller ranges.
          </Trans>
        </Text>
        <List size="sm" style={{ maxHeight: 220, overflowY: "auto" }}>
          {refetch.map((item) => (
            <List.Item key={item.from}>
              {item.to === item.from
                ? formatDay(item.from)
                : t`${{ from: formatDay(item.from) }} to ${{ to: formatDay(item.to) }}`}
            </List.Item>
          ))}
        </List>
        <Text size="sm" c="dimmed">
          <Trans>
            The bank's answer is matched with the stored rows. Stored rows stay, and rows are never invented to make the
            sums match. You can undo each import.
          </Trans>
        </Text>
        {heal.error && <Problem error={heal.error} />}
        <Group justify="end">
          <Button variant="default" onClick={onClose}>
            <Trans>Not now</Trans>
          </Button>
          <Button loading={heal.isPending} onClick={() => void begin()}>
            <Trans>Fetch again</Trans>
          </Button>
        </Group>
      </Stack>
    </OpenDialog>
  );
}
