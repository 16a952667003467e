import { Alert, Button, Group, Text } from "@mantine/core";
import { Problem } from "../../components/Problem";
import { usePauseQueue } from "./queue/usePauseQueue";

/** Says that all imports are paused, with a button to resume them. */
export function QueuePausedAlert() {
  const pause = usePauseQueue();
  return (
    <Alert color="yellow" title="All your imports are paused">
      <Group justify="space-between">
        <Text size="sm">Nothing is fetched until you resume them.</Text>
        <Button size="compact-sm" variant="default" loading={pause.isPending} onClick={() => pause.mutate(false)}>
          Resume all
        </Button>
      </Group>
      {pause.error && <Problem error={pause.error} />}
    </Alert>
  );
}
