import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Alert, Button, Group, Select, Stack, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { enrichmentQueries } from "../../api/enrichment";
import { transactionQueries } from "../../api/transactions";
import { useAccounts } from "../../api/useAccounts";
import { PageHeader } from "../../components/PageHeader";
import { Problem } from "../../components/Problem";
import { QueryState } from "../../components/QueryState";
import { type Category, offeredCategories } from "../../lib/categoryTree";
import { defined } from "../../lib/defined";
import { listed } from "../../lib/listed";
import { useKeys } from "../../lib/useKeys";
import { useSelection } from "../../lib/useSelection";
import { useUndoSteps } from "../../lib/useUndoSteps";
import { BulkBar } from "./BulkBar";
import { CategoryColours } from "./CategoryMark";
import { ExportDialog } from "./ExportDialog";
import { FilterBar } from "./FilterBar";
import { type Filters, isFiltered, readSearch, type Search, SORTS, toQuery } from "./filters";
import { KeysDialog } from "./KeysDialog";
import { MonthSums } from "./MonthSums";
import { NothingFound } from "./NothingFound";
import { PendingRows } from "./PendingRows";
import { type Field, type RowActions, RowActionsProvider } from "./rowActions";
import { SavedFilters } from "./SavedFilters";
import { TotalsBar } from "./TotalsBar";
import { TransactionDrawer } from "./TransactionDrawer";
import { TransactionList } from "./TransactionList";
import { useEdit } from "./useEdit";
import { useEditMatching } from "./useEditMatching";

const KEYS = "keys-of-the-list";

type Props = { search: Search; onSearch: (search: Search, how?: { replace: boolean }) => void };

/** Every transaction: searched, filtered, summed up, edited, exported, and each down to where it came from. */
export function TransactionsPage({ search, onSearch }: Props) {
  const { row: openId, sort, ...filters } = search;
  const [generation, setGeneration] = useState(0);
  const { accounts, byId, nameOf } = useAccounts();
  const hasBanks = new Set(accounts.map(({ bank }) => bank)).size > 1;
  const accountName = useCallback(
    (id: string) => {
      const account = byId.get(id);
      return account === undefined ? "" : listed([account.display_name, hasBanks && account.bank]);
    },
    [byId, hasBanks],
  );
  const used = useStable(useQuery(transactionQueries.categories()).data?.categories.map((item) => item.name) ?? []);
  const tree = useQuery(enrichmentQueries.categories()).data;
  const offered = useMemo(() => offeredWords(tree ?? [], used), [tree, used]);
  const colours = useMemo(() => new Map(tree?.map((item) => [item.name, item.colour])), [tree]);
  const isApart = filters.status === undefined;
  const query = toQuery(isApart ? { ...filters, status: "booked" } : filters);
  const listing = useInfiniteQuery(transactionQueries.rows({ ...query, ...(sort && { sort }) }, generation));
  const pending = useInfiniteQuery(transactionQueries.rows(toQuery({ ...filters, status: "pending" }), generation));
  const totals = useQuery(transactionQueries.totals(toQuery(filters)));
  const rows = useMemo(() => listing.data?.pages.flatMap((page) => page.transactions) ?? [], [listing.data]);
  const pendingRows = isApart ? (pending.data?.pages[0]?.transactions ?? []) : [];
  const selection = useSelection(rows);
  const [editing, setEditing] = useState<{ id: string; field: Field } | null>(null);
  const [isExporting, setExporting] = useState(false);
  const [isShowingKeys, setShowingKeys] = useState(false);
  const [isShowingMonths, setShowingMonths] = useState(false);
  /** The filters of which all rows are selected, not only those that are loaded. */
  const [allOf, setAllOf] = useState<string | null>(null);
  const { remember, undoLast } = useUndoSteps();
  const searchField = useRef<HTMLInputElement>(null);
  useKeys({
    "/": () => {
      window.scrollTo({ top: 0 });
      searchField.current?.focus();
      searchField.current?.select();
    },
    "?": () => setShowingKeys(true),
    "mod+z": undoLast,
  });
  const edit = useEdit(remember);
  const editMatching = useEditMatching({ onDone: remember, onChanged: () => setGeneration((now) => now + 1) });
  const key = JSON.stringify(query);
  const isAll = allOf === key && selection.ids.size > 0;
  const clearSelection = selection.clear;
  useEffect(() => clearSelection(), [key, clearSelection]);

  const live = useRef({ onSearch, search, save: edit.mutate, toggle: selection.toggle });
  useLayoutEffect(() => {
    live.current = { onSearch, search, save: edit.mutate, toggle: selection.toggle };
  });
  const actions = useMemo<RowActions>(
    () => ({
      open: (id) => live.current.onSearch({ ...live.current.search, row: id }),
      toggle: (id, isRange) => {
        setAllOf(null);
        live.current.toggle(id, isRange);
      },
      beginEdit: (id, field) => setEditing(field === null ? null : { id, field }),
      save: (chosen) => {
        setEditing(null);
        live.current.save(chosen);
      },
    }),
    [],
  );
  const { fetchNextPage } = listing;
  const loadMore = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const total = totals.data ? totals.data.rows - (isApart ? totals.data.pending : 0) : rows.length;
  const isFresh = listing.data !== undefined && !listing.isPlaceholderData;
  const isChanged = useIsChanged(
    `${key} ${sort} ${generation}`,
    totals.isPlaceholderData ? undefined : totals.data?.rows,
    isFresh,
  );
  const isAtStart = (listing.data?.pages.length ?? 0) <= 1 && selection.ids.size === 0 && editing === null;
  useEffect(() => {
    // The user has not moved in the list yet, so it can follow new rows. The scroll position is known only after layout.
    // eslint-disable-next-line react-hooks/set-state-in-effect -- reading the layout is what effects are for
    if (isChanged && isAtStart && window.scrollY < window.innerHeight / 2) setGeneration((now) => now + 1);
  }, [isChanged, isAtStart]);

  function change(chosen: Filters) {
    onSearch(defined({ ...chosen, sort }), { replace: true });
  }
  function close() {
    const { row: _, ...rest } = search;
    onSearch(rest);
  }
  function step(by: 1 | -1) {
    const list = [...pendingRows, ...rows];
    const next = list[list.findIndex((row) => row.id === openId) + by];
    if (next) onSearch({ ...search, row: next.id }, { replace: true });
  }
  function reload() {
    setGeneration((now) => now + 1);
    window.scrollTo({ top: 0 });
  }
  const isEmpty = isFresh && rows.length === 0 && pendingRows.length === 0;
  return (
    <RowActionsProvider value={actions}>
      <CategoryColours value={colours}>
        <PageHeader
          title={t`Transactions`}
          actions={
            <Button
              variant="default"
              leftSection={<IconDownload size={16} aria-hidden />}
              disabled={isEmpty}
              onClick={() => setExporting(true)}
            >
              <Trans>Export</Trans>
            </Button>
          }
        />
        <Stack gap="sm">
          <FilterBar
            searchField={searchField}
            filters={filters}
            accounts={accounts}
            accountName={nameOf}
            categories={used}
            onChange={change}
          />
          <Group gap="xs">
            <Select
              aria-label={t`Order`}
              size="xs"
              allowDeselect={false}
              data={Object.entries(SORTS).map(([value, label]) => ({ value, label: t(label) }))}
              value={sort ?? "newest"}
              onChange={(value) =>
                onSearch(defined({ ...filters, sort: readSearch({ sort: value }).sort }), { replace: true })
              }
            />
            <SavedFilters filters={filters} onChange={change} />
            <Button
              size="xs"
              variant="default"
              aria-expanded={isShowingMonths}
              onClick={() => setShowingMonths((now) => !now)}
            >
              {isShowingMonths ? t`Hide the months` : t`Sums by month`}
            </Button>
          </Group>
          {totals.error ? (
            <Problem error={totals.error} />
          ) : (
            <TotalsBar totals={totals.data} isStale={totals.isPlaceholderData} />
          )}
          {isShowingMonths && (
            <MonthSums query={toQuery(filters)} onMonth={(from, to) => change({ ...filters, from, to })} />
          )}
          {isChanged && !isAtStart && (
            <Alert color="blue" p="xs" role="status">
              <Group justify="space-between">
                <Text size="sm">
                  <Trans>The list has changed.</Trans>
                </Text>
                <Button size="compact-sm" onClick={reload}>
                  <Trans>Reload the list</Trans>
                </Button>
              </Group>
            </Alert>
          )}
          {isApart && (
            <PendingRows
              rows={pendingRows}
              total={totals.data?.pending ?? pendingRows.length}
              accountName={accountName}
              onShowAll={() => onSearch({ ...search, status: "pending" })}
            />
          )}
          {!listing.data && <QueryState query={listing} what={t`transactions`} />}
          {isEmpty && <NothingFound isFiltered={isFiltered(filters)} onClear={() => onSearch({})} />}
          {rows.length > 0 && (
            <Text size="xs" c="dimmed" visibleFrom="sm" id={KEYS}>
              <Trans>
                Keys in the list: arrows move, Enter opens, Space selects, C and M edit category and merchant, /
                searches, ? lists all.
              </Trans>
            </Text>
          )}
          {rows.length > 0 && (
            <TransactionList
              describedBy={KEYS}
              key={`${key} ${sort} ${generation}`}
              isStale={listing.isPlaceholderData}
              label={t`Transactions`}
              rows={rows}
              total={total}
              hasMore={listing.hasNextPage && !listing.isFetchNextPageError}
              isLoadingMore={listing.isFetchingNextPage}
              onNearEnd={loadMore}
              accountName={accountName}
              categories={offered}
              selected={selection.ids}
              onSelectAll={(isOn) => {
                setAllOf(null);
                selection.setAll(isOn);
              }}
              editing={editing}
              openId={openId}
            />
          )}
          {listing.isFetchNextPageError && (
            <Group>
              <Problem error={listing.error} />
              <Button variant="default" onClick={loadMore}>
                <Trans>Load more</Trans>
              </Button>
            </Group>
          )}
          {rows.length > 0 && !listing.hasNextPage && (
            <Text size="sm" c="dimmed" ta="center" py="sm">
              <Trans>
                End of the list: <Plural value={{ rows: rows.length }} one="# row" other="# rows" />.
              </Trans>
            </Text>
          )}
          {selection.ids.size > 0 && (
            <BulkBar
              ids={[...selection.ids]}
              matching={total}
              isAll={isAll}
              isSaving={editMatching.isPending}
              categories={offered}
              onEdit={(chosen) => edit.mutate(chosen)}
              onEditAll={(chosen) => editMatching.mutate({ query, edit: chosen }, { onSuccess: selection.clear })}
              onSelectAll={() => setAllOf(key)}
              onClear={selection.clear}
            />
          )}
        </Stack>
        {openId !== undefined && (
          <TransactionDrawer
            id={openId}
            accountName={accountName}
            categories={offered}
            onSave={(chosen) => edit.mutate(chosen)}
            onClose={close}
            onStep={step}
          />
        )}
        {isShowingKeys && <KeysDialog onClose={() => setShowingKeys(false)} />}
        {isExporting && <ExportDialog filters={filters} onClose={() => setExporting(false)} />}
      </CategoryColours>
    </RowActionsProvider>
  );
}

/** What may be given to a row: the categories in use, and words that the user wrote over other rows; nothing archived. */
function offeredWords(tree: Category[], used: string[]): string[] {
  const known = new Set(tree.map((item) => item.name));
  return [...offeredCategories(tree).map((item) => item.name), ...used.filter((name) => !known.has(name))];
}

/** The same array as long as it holds the same texts. */
function useStable(texts: string[]): string[] {
  const joined = JSON.stringify(texts);
  return useMemo(() => JSON.parse(joined) as string[], [joined]);
}

/** Whether there are more or fewer rows now than when the list began to load. */
function useIsChanged(key: string, rowsNow: number | undefined, isLoaded: boolean): boolean {
  const [first, setFirst] = useState<{ key: string; rows: number } | null>(null);
  if (rowsNow !== undefined && isLoaded && first?.key !== key) setFirst({ key, rows: rowsNow });
  return rowsNow !== undefined && first?.key === key && first.rows !== rowsNow;
}
