import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Card, Text, Title } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { enrichmentQueries } from "../../api/enrichment";
import { ModelCallTable } from "../../components/ModelCallTable";
import { MoreButton } from "../../components/MoreButton";
import { QueryState } from "../../components/QueryState";
import { type EnrichmentJob } from "./useEnrichment";

/** A job's requests to models; their sums are the job's figures. */
export function JobCalls({ job }: { job: EnrichmentJob }) {
  const calls = useInfiniteQuery(enrichmentQueries.calls(job.id));
  const rows = calls.data?.pages.flatMap((page) => page.calls) ?? [];
  return (
    <Card component="section" aria-label={t`Calls to the model`}>
      <Title order={2} size="h5" mb="xs">
        <Trans>Calls to the model</Trans>
      </Title>
      <QueryState query={calls} what={t`calls`} />
      {calls.data && rows.length === 0 && (
        <Text size="sm" c="dimmed">
          <Trans>No calls yet.</Trans>
        </Text>
      )}
      {rows.length > 0 && <ModelCallTable calls={rows} isOfOneJob />}
      <MoreButton pages={calls} />
    </Card>
  );
}
