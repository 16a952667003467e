import { Button, Stack } from "@mantine/core";
import { Problem } from "./Problem";

type Props = { error: Error; title?: string; onRetry?: () => void };

/** Stands in the place of what could not be loaded, with a way to try again. */
export function ErrorState({ error, title = "This could not be loaded", onRetry }: Props) {
  return (
    <Stack align="flex-start" maw={680}>
      <Problem error={error} title={title} />
      {onRetry && (
        <Button variant="default" onClick={onRetry}>
          Try again
        </Button>
      )}
    </Stack>
  );
}
