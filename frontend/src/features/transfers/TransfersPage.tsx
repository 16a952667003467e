import { Button, Group, SegmentedControl, Select, Stack, Text } from "@mantine/core";
import { IconArrowsLeftRight } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { transferQueries } from "../../api/transfers";
import { useAccounts } from "../../api/useAccounts";
import { ConfirmButton } from "../../components/ConfirmButton";
import { EmptyState } from "../../components/EmptyState";
import { MoreButton } from "../../components/MoreButton";
import { PageHeader } from "../../components/PageHeader";
import { QueryState } from "../../components/QueryState";
import { capitalised } from "../../lib/capitalised";
import { counted, formatCount } from "../../lib/formatCount";
import { useKeys } from "../../lib/useKeys";
import { useUndoSteps } from "../../lib/useUndoSteps";
import { LEAST, readTransfersSearch, STATUSES, type Status, type TransfersSearch } from "./transfersSearch";
import { TransferTable } from "./TransferTable";
import { useConfirmAll, useDecide, useLook, useReopen } from "./useTransfers";
import { howSure, percent } from "./words";

type Props = { search: TransfersSearch; onSearch: (search: TransfersSearch) => void };

const EMPTY: Record<Status, { title: string; why: string }> = {
  suggested: {
    title: "No suggested transfers",
    why: "After each import, equal amounts that moved between two of your accounts within a few days appear here.",
  },
  confirmed: {
    title: "No confirmed transfers yet",
    why: "Confirmed transfers count as neither spending nor income in exports.",
  },
  refused: {
    title: "No refused pairs",
    why: "Pairs that you marked as not a transfer appear here. You can undo that.",
  },
};

/** Transfers between the user's own accounts: suggested pairs and past decisions. */
export function TransfersPage({ search, onSearch }: Props) {
  const status = search.status ?? "suggested";
  const found = useInfiniteQuery(
    transferQueries.list({ status, ...(search.least ? { min_confidence: search.least } : {}) }),
  );
  const one = useQuery(transferQueries.one(search.pair));
  const { remember, undoLast } = useUndoSteps();
  useKeys({ "mod+z": undoLast });
  const decide = useDecide(remember);
  const reopen = useReopen();
  const confirmAll = useConfirmAll(remember);
  const look = useLook();
  const { accounts, byId, nameOf } = useAccounts();
  const least = search.least;
  const pages = found.data?.pages ?? [];
  const newest = pages[pages.length - 1];
  const matching = newest?.matching ?? 0;
  const alone = search.pair === undefined ? undefined : one.data;
  const pairs = search.pair === undefined ? pages.flatMap((page) => page.transfers) : alone ? [alone] : [];
  const shown = search.pair === undefined ? found : one;
  const hasBanks = new Set(accounts.map(({ bank }) => bank)).size > 1;
  const accountName = (id: string) => {
    const account = byId.get(id);
    return account && hasBanks ? `${account.display_name} · ${account.bank}` : nameOf(id);
  };
  return (
    <>
      <PageHeader
        title="Transfers"
        actions={
          <Button variant="default" loading={look.isPending} onClick={() => look.mutate()}>
            Search again
          </Button>
        }
      >
        Money moved between your own accounts. Nothing counts as a transfer until you confirm it.
      </PageHeader>
      <Stack>
        {search.pair === undefined ? (
          <Group justify="space-between" align="flex-end">
            <Group align="flex-end">
              <SegmentedControl
                aria-label="Which transfers"
                data={STATUSES.map((word) => ({
                  value: word,
                  label: `${capitalised(word)}${newest ? ` ${formatCount(newest.counts[word])}` : ""}`,
                }))}
                value={status}
                onChange={(value) => onSearch(readTransfersSearch({ status: value, least }))}
              />
              <Select
                aria-label="Minimum confidence"
                w={220}
                allowDeselect={false}
                data={[
                  { value: "0", label: "Any confidence" },
                  ...LEAST.map((value) => ({ value, label: `${howSure(value).word} or higher, ${percent(value)}` })),
                ]}
                value={least ?? "0"}
                onChange={(value) => onSearch(readTransfersSearch({ status, least: value }))}
              />
            </Group>
            {status === "suggested" && least && matching > 0 && (
              <ConfirmButton
                label={`Confirm all ${formatCount(matching)}`}
                title={`Confirm ${counted(matching, "transfer")}?`}
                confirm="Confirm all"
                error={confirmAll.error}
                isPending={confirmAll.isPending}
                onConfirm={(close) => confirmAll.mutate(least, { onSuccess: close })}
              >
                <Text size="sm">
                  Every suggestion that is at least {percent(least)} certain becomes a transfer, including those not
                  shown yet. You can undo all of them at once from the message that follows, or each one later.
                </Text>
              </ConfirmButton>
            )}
          </Group>
        ) : (
          <Group>
            <Button variant="default" size="sm" onClick={() => onSearch({})}>
              Show all transfers
            </Button>
          </Group>
        )}
        <QueryState query={shown} what="transfers" />
        {shown.data && pairs.length === 0 && (
          <EmptyState
            icon={IconArrowsLeftRight}
            title={least ? "No pair has this confidence" : EMPTY[status].title}
            action={
              least && (
                <Button variant="default" onClick={() => onSearch(readTransfersSearch({ status }))}>
                  Show any confidence
                </Button>
              )
            }
          >
            {!least && EMPTY[status].why}
            {!least && status === "suggested" && accounts.length < 2 && " You need at least two accounts."}
          </EmptyState>
        )}
        {pairs.length > 0 && (
          <TransferTable
            key={`${status} ${search.pair ?? ""}`}
            pairs={pairs}
            accountName={accountName}
            isBusy={decide.isPending || reopen.isPending || confirmAll.isPending}
            onDecide={(chosen, action) => decide.mutate({ pairs: chosen, action })}
            onReopen={(chosen) => reopen.mutate(chosen.map(({ id }) => id))}
          />
        )}
        {search.pair === undefined && <MoreButton pages={found} />}
      </Stack>
    </>
  );
}
