import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Alert, Button, Group, Text } from "@mantine/core";
import { Problem } from "../../components/Problem";
import { usePauseQueue } from "./queue/usePauseQueue";

/** Says that all imports are paused, with a button to resume them. */
export function QueuePausedAlert() {
  const pause = usePauseQueue();
  return (
    <Alert color="yellow" title={t`All your imports are paused`}>
      <Group justify="space-between">
        <Text size="sm">
          <Trans>Nothing is fetched until you resume them.</Trans>
        </Text>
        <Button size="compact-sm" variant="default" loading={pause.isPending} onClick={() => pause.mutate(false)}>
          <Trans>Resume all</Trans>
        </Button>
      </Group>
      {pause.error && <Problem error={pause.error} />}
    </Alert>
  );
}
