import { Skeleton, Stack, VisuallyHidden } from "@mantine/core";

/** The shape of what is being loaded, as grey lines; `what` names it for a screen reader. */
export function LoadingState({ what, lines = 4 }: { what: string; lines?: number }) {
  return (
    <Stack role="status" aria-busy gap="md">
      <VisuallyHidden>Loading {what}</VisuallyHidden>
      <Skeleton height={28} width="40%" />
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} height={44} />
      ))}
    </Stack>
  );
}
