import { Alert, Button, Group } from "@mantine/core";
import { IconCloudOff } from "@tabler/icons-react";
import { When } from "./When";

type Props = { error: Error; since: number; onRetry: () => void };

/** Says that the data shown is old, since when (milliseconds), and why it could not be refreshed. */
export function StaleHint({ error, since, onRetry }: Props) {
  return (
    <Alert color="yellow" role="status" icon={<IconCloudOff aria-hidden />} title="This may be out of date" mb="md">
      <Group justify="space-between" gap="sm">
        <span>
          Last loaded <When at={new Date(since).toISOString()} />: {error.message}
        </span>
        <Button size="compact-sm" variant="default" onClick={onRetry}>
          Reload
        </Button>
      </Group>
    </Alert>
  );
}
