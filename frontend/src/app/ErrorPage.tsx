import { t } from "@lingui/core/macro";
import type { ErrorComponentProps } from "@tanstack/react-router";
import { ErrorState } from "../components/ErrorState";

/** Replaces a page that failed to render. */
export function ErrorPage({ error, reset }: ErrorComponentProps) {
  const known = error instanceof Error ? error : new Error(String(error));
  return <ErrorState title={t`This page failed to load`} error={known} onRetry={reset} />;
}
