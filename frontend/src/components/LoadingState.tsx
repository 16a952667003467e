import { Trans } from "@lingui/react/macro";
import { Skeleton, Stack, VisuallyHidden } from "@mantine/core";
import type { ReactNode } from "react";

type Props = {
  /** Names the content for screen readers. */
  what: string;
  lines?: number;
  /** What the content will look like: a grey area of its size is drawn, so that nothing moves when the content comes. */
  like?: ReactNode;
};

/** Grey lines, or one grey area, in place of content that is loading. */
export function LoadingState({ what, lines = 4, like }: Props) {
  return (
    <Stack role="status" aria-busy gap="md">
      <VisuallyHidden>
        <Trans>Loading {what}</Trans>
      </VisuallyHidden>
      {like ? (
        <Skeleton inert aria-hidden>
          {like}
        </Skeleton>
      ) : (
        <>
          <Skeleton height={28} width="40%" />
          {Array.from({ length: lines }, (_, line) => (
            <Skeleton key={line} height={44} />
          ))}
        </>
      )}
    </Stack>
  );
}
