import { Trans } from "@lingui/react/macro";
import { Button, Center } from "@mantine/core";

/** The parts of a `useInfiniteQuery` result about the next page. */
type Pages = { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };

/** Loads the next page of a list, if there is one. */
export function MoreButton({ pages }: { pages: Pages }) {
  if (!pages.hasNextPage) return null;
  return (
    <Center mt="md">
      <Button variant="default" loading={pages.isFetchingNextPage} onClick={() => pages.fetchNextPage()}>
        <Trans>Show more</Trans>
      </Button>
    </Center>
  );
}
