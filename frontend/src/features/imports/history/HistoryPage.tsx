import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconFilterOff, IconHistory } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { EmptyState } from "../../../components/EmptyState";
import { MoreButton } from "../../../components/MoreButton";
import { PageHeader } from "../../../components/PageHeader";
import { QueryState } from "../../../components/QueryState";
import type { HistoryFilter } from "./filters";
import { HistoryFilters } from "./HistoryFilters";
import { HistoryTable } from "./HistoryTable";
import { useHistory } from "./useHistory";

type Props = { filter: HistoryFilter; onFilter: (filter: HistoryFilter) => void };

/** Every import with its results, calls and costs. */
export function HistoryPage({ filter, onFilter }: Props) {
  const history = useHistory(filter);
  const entries = history.data?.pages.flatMap((page) => page.imports) ?? [];
  const isNarrowed = filter.status !== undefined || filter.type !== undefined || filter.bank !== undefined;
  return (
    <>
      <PageHeader
        title={t`Imports`}
        actions={
          <Button component={Link} to="/imports/new">
            <Trans>New import</Trans>
          </Button>
        }
      >
        <Trans>Every import with its results, calls and costs.</Trans>
      </PageHeader>
      <HistoryFilters filter={filter} onFilter={onFilter} />
      <QueryState query={history} what={t`imports`} />
      {history.data && entries.length === 0 && isNarrowed && (
        <EmptyState
          icon={IconFilterOff}
          title={t`No imports match these filters`}
          action={
            <Button variant="default" onClick={() => onFilter({})}>
              <Trans>Show every import</Trans>
            </Button>
          }
        />
      )}
      {history.data && entries.length === 0 && !isNarrowed && (
        <EmptyState
          icon={IconHistory}
          title={t`No imports yet`}
          action={
            <Button component={Link} to="/imports/new">
              <Trans>Start the first import</Trans>
            </Button>
          }
        >
          <Trans>Connect a bank, choose days and accounts, and preview what would be fetched.</Trans>
        </EmptyState>
      )}
      {entries.length > 0 && <HistoryTable entries={entries} />}
      <MoreButton pages={history} />
    </>
  );
}
