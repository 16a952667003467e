import type { ReactNode } from "react";
import { ErrorState } from "./ErrorState";
import { LoadingState } from "./LoadingState";
import { StaleHint } from "./StaleHint";

/** The parts of a `useQuery` result that are shown. */
type Query = {
  isPending: boolean;
  error: Error | null;
  data: unknown;
  dataUpdatedAt: number;
  refetch: () => unknown;
};

type Props = {
  query: Query;
  /** Names the data, as in “Loading calls”. */
  what: string;
  /** The number of grey lines while it loads; one or two in a dialog. */
  lines?: number;
  /** What the content will look like, in place of lines. */
  like?: ReactNode;
  /** The heading if it fails, as “Preview failed”. */
  failed?: string;
};

/** Shows that a query is loading or failed, or that its data is old. */
export function QueryState({ query, what, lines = 4, like, failed }: Props) {
  if (query.isPending) return <LoadingState what={what} lines={lines} like={like} />;
  if (query.error === null) return null;
  const again = () => void query.refetch();
  if (query.data === undefined)
    return <ErrorState error={query.error} onRetry={again} {...(failed && { title: failed })} />;
  return <StaleHint error={query.error} since={query.dataUpdatedAt} onRetry={again} />;
}
