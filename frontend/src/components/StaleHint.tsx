import { ph, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Alert, Button, Group } from "@mantine/core";
import { IconCloudOff } from "@tabler/icons-react";
import { When } from "./When";

type Props = { error: Error; since: number; onRetry: () => void };

/** Says that the data shown is old, since when (milliseconds), and why it could not be refreshed. */
export function StaleHint({ error, since, onRetry }: Props) {
  return (
    <Alert color="yellow" role="status" icon={<IconCloudOff aria-hidden />} title={t`This may be out of date`} mb="md">
      <Group justify="space-between" gap="sm">
        <span>
          <Trans>
            Last loaded <When at={new Date(since).toISOString()} />: {ph({ message: error.message })}
          </Trans>
        </span>
        <Button size="compact-sm" variant="default" onClick={onRetry}>
          <Trans>Reload</Trans>
        </Button>
      </Group>
    </Alert>
  );
}
