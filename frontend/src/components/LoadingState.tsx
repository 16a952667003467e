import { Trans } from "@lingui/react/macro";
import { Skeleton, Stack, VisuallyHidden } from "@mantine/core";

/** Grey lines in place of content that is loading; `what` names it for screen readers. */
export function LoadingState({ what, lines = 4 }: { what: string; lines?: number }) {
  return (
    <Stack role="status" aria-busy gap="md">
      <VisuallyHidden>
        <Trans>Loading {what}</Trans>
      </VisuallyHidden>
      <Skeleton height={28} width="40%" />
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} height={44} />
      ))}
    </Stack>
  );
}
