import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button, Stack } from "@mantine/core";
import { Problem } from "./Problem";

type Props = { error: Error; title?: string; onRetry?: () => void };

/** Replaces content that failed to load, with a button to try again. */
export function ErrorState({ error, title = t`Loading failed`, onRetry }: Props) {
  return (
    <Stack align="flex-start" maw={680}>
      <Problem error={error} title={title} />
      {onRetry && (
        <Button variant="default" onClick={onRetry}>
          <Trans>Try again</Trans>
        </Button>
      )}
    </Stack>
  );
}
