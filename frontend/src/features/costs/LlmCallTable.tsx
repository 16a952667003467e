import { EmptyState } from "../../components/EmptyState";
import { ErrorState } from "../../components/ErrorState";
import { LoadingState } from "../../components/LoadingState";
import { ModelCallTable } from "../../components/ModelCallTable";
import { MoreButton } from "../../components/MoreButton";
import type { RowsQuery } from "./costsSearch";
import { useLlmCalls } from "./useCosts";

/** Requests to models, newest first, with their tokens and what they cost. */
export function LlmCallTable({ query }: { query: RowsQuery }) {
  const calls = useLlmCalls(query);
  if (calls.isPending) return <LoadingState what="calls to models" />;
  if (!calls.data) return <ErrorState error={calls.error} onRetry={() => void calls.refetch()} />;
  const rows = calls.data.pages.flatMap((page) => page.llm_calls);
  if (rows.length === 0) return <EmptyState title="No model was asked" />;
  return (
    <>
      <ModelCallTable calls={rows} />
      <MoreButton pages={calls} />
    </>
  );
}
