import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button, Stack } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { enrichmentQueries } from "../../api/enrichment";
import { EmptyState } from "../../components/EmptyState";
import { MoreButton } from "../../components/MoreButton";
import { PageHeader } from "../../components/PageHeader";
import { QueryState } from "../../components/QueryState";
import { offeredCategories } from "../../lib/categoryTree";
import { DoubtCard } from "./DoubtCard";
import { EnrichmentNav } from "./EnrichmentNav";

/** The merchants that enrichment is not sure of, the most money first. */
export function DoubtsPage() {
  const doubts = useInfiniteQuery(enrichmentQueries.doubts());
  const tree = useQuery(enrichmentQueries.categories());
  const listed = doubts.data?.pages.flat() ?? [];
  const categories = offeredCategories(tree.data ?? []);
  return (
    <>
      <PageHeader title={t`Doubts`}>
        <Trans>
          Merchants that enrichment is unsure of, largest amounts first. Your answer is learned. Stored rows change only
          after you have reviewed them.
        </Trans>
      </PageHeader>
      <EnrichmentNav />
      <Stack>
        <QueryState query={doubts} what={t`doubts`} />
        {tree.error && !tree.data && <QueryState query={tree} what={t`categories`} />}
        {doubts.data && listed.length === 0 && (
          <EmptyState
            title={t`Nothing to review`}
            icon={IconCircleCheck}
            action={
              <Button variant="default" component={Link} to="/enrichment/new">
                <Trans>Enrich rows</Trans>
              </Button>
            }
          >
            <Trans>Enrichment is sure of every merchant it has processed.</Trans>
          </EmptyState>
        )}
        {listed.map((doubt) => (
          <DoubtCard
            key={`${doubt.merchant_key} ${doubt.direction} ${doubt.currency}`}
            doubt={doubt}
            categories={categories}
          />
        ))}
        <MoreButton pages={doubts} />
      </Stack>
    </>
  );
}
