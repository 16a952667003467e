import { ErrorState } from "./ErrorState";
import { LoadingState } from "./LoadingState";
import { StaleHint } from "./StaleHint";

/** What `useQuery` says of itself. */
type Query = {
  isPending: boolean;
  error: Error | null;
  data: unknown;
  dataUpdatedAt: number;
  refetch: () => unknown;
};

/** Shows that a query is loading or failed, or that its data is old; `what` names the data. */
export function QueryState({ query, what }: { query: Query; what: string }) {
  if (query.isPending) return <LoadingState what={what} />;
  if (query.error === null) return null;
  const again = () => void query.refetch();
  if (query.data === undefined) return <ErrorState error={query.error} onRetry={again} />;
  return <StaleHint error={query.error} since={query.dataUpdatedAt} onRetry={again} />;
}
