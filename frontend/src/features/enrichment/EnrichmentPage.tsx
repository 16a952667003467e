import { Button, Stack, Title } from "@mantine/core";
import { EmptyState } from "../../components/EmptyState";
import { ErrorState } from "../../components/ErrorState";
import { LoadingState } from "../../components/LoadingState";
import { PageHeader } from "../../components/PageHeader";
import { Problem } from "../../components/Problem";
import { DoubtCard } from "./DoubtCard";
import { EnrichmentJobs } from "./EnrichmentJobs";
import { useCategories, useDoubts, useEnrichAll, useEnrichmentJobs } from "./useEnrichment";

/** How far enrichment is, and the merchants that it is not sure of. */
export function EnrichmentPage() {
  const jobs = useEnrichmentJobs();
  const doubts = useDoubts();
  const categories = useCategories();
  const enrich = useEnrichAll();
  const names = (categories.data ?? []).filter((item) => !item.is_archived).map((item) => item.name);
  const failed = [jobs, doubts, categories].find((query) => query.error && !query.data);
  return (
    <>
      <PageHeader
        title="Enrichment"
        actions={
          <Button loading={enrich.isPending} onClick={() => enrich.mutate(undefined)}>
            Enrich all rows
          </Button>
        }
      >
        The merchant and category of each row: by your rules, what you corrected, what is remembered, the bank's word, and
        a model if one is set. What you edited is never overwritten.
      </PageHeader>
      <Stack>
        {enrich.error && <Problem error={enrich.error} />}
        {failed?.error && <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />}
        {jobs.isPending && <LoadingState what="enrichment" />}
        {jobs.data?.length === 0 && (
          <EmptyState title="Nothing was enriched yet">Imports that are to be enriched appear here.</EmptyState>
        )}
        {jobs.data && jobs.data.length > 0 && <EnrichmentJobs jobs={jobs.data} />}
        {doubts.data && doubts.data.length > 0 && (
          <>
            <Title order={2} size="h4" mt="md">
              Needs your word, the most money first
            </Title>
            {doubts.data.map((doubt) => (
              <DoubtCard
                key={`${doubt.merchant_key} ${doubt.direction} ${doubt.currency}`}
                doubt={doubt}
                categories={names}
              />
            ))}
          </>
        )}
      </Stack>
    </>
  );
}
