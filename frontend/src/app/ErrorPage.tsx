import type { ErrorComponentProps } from "@tanstack/react-router";
import { ErrorState } from "../components/ErrorState";

/** What stands in the place of a page that could not be drawn. */
export function ErrorPage({ error, reset }: ErrorComponentProps) {
  const known = error instanceof Error ? error : new Error(String(error));
  return <ErrorState title="This page could not be shown" error={known} onRetry={reset} />;
}
