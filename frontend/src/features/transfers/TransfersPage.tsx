import type { MessageDescriptor } from "@lingui/core";
import { msg, ph, plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
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
import { formatCount } from "../../lib/formatCount";
import { useKeys } from "../../lib/useKeys";
import { useUndoSteps } from "../../lib/useUndoSteps";
import {
  LEAST,
  readTransfersSearch,
  STATUSES,
  type Status,
  type TransfersSearch,
  wantedPairs,
} from "./transfersSearch";
import { TransferTable } from "./TransferTable";
import { useConfirmAll, useDecide, useLook, useReopen } from "./useTransfers";
import { howSure, percent } from "./words";

type Props = { search: TransfersSearch; onSearch: (search: TransfersSearch) => void };

const EMPTY: Record<Status, { title: MessageDescriptor; why: MessageDescriptor }> = {
  suggested: {
    title: msg`No suggested transfers`,
    why: msg`After each import, equal amounts that moved between two of your accounts within a few days appear here.`,
  },
  confirmed: {
    title: msg`No confirmed transfers yet`,
    why: msg`Confirmed transfers count as neither spending nor income in exports.`,
  },
  refused: {
    title: msg`No refused pairs`,
    why: msg`Pairs that you marked as not a transfer appear here. You can undo that.`,
  },
};

/** Transfers between the user's own accounts: suggested pairs and past decisions. */
export function TransfersPage({ search, onSearch }: Props) {
  const status = search.status ?? "suggested";
  const found = useInfiniteQuery(transferQueries.list(wantedPairs(search)));
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
        title={t`Transfers`}
        actions={
          <Button variant="default" loading={look.isPending} onClick={() => look.mutate()}>
            <Trans>Search again</Trans>
          </Button>
        }
      >
        <Trans>Money moved between your own accounts. Nothing counts as a transfer until you confirm it.</Trans>
      </PageHeader>
      <Stack>
        {search.pair === undefined ? (
          <Group justify="space-between" align="flex-end">
            <Group align="flex-end">
              <SegmentedControl
                aria-label={t`Which transfers`}
                data={STATUSES.map((word) => ({
                  value: word,
                  label: `${capitalised(word)}${newest ? ` ${formatCount(newest.counts[word])}` : ""}`,
                }))}
                value={status}
                onChange={(value) => onSearch(readTransfersSearch({ status: value, least }))}
              />
              <Select
                aria-label={t`Minimum confidence`}
                w={220}
                allowDeselect={false}
                data={[
                  { value: "0", label: t`Any confidence` },
                  ...LEAST.map((value) => ({
                    value,
                    label: t`${{ word: howSure(value).word }} or higher, ${{ value: percent(value) }}`,
                  })),
                ]}
                value={least ?? "0"}
                onChange={(value) => onSearch(readTransfersSearch({ status, least: value }))}
              />
            </Group>
            {status === "suggested" && least && matching > 0 && (
              <ConfirmButton
                label={t`Confirm all ${{ matching: formatCount(matching) }}`}
                title={t`Confirm ${plural(matching, { one: "# transfer", other: "# transfers" })}?`}
                confirm={t`Confirm all`}
                error={confirmAll.error}
                isPending={confirmAll.isPending}
                onConfirm={(close) => confirmAll.mutate(least, { onSuccess: close })}
              >
                <Text size="sm">
                  <Trans>
                    Every suggestion that is at least {ph({ least: percent(least) })} certain becomes a transfer,
                    including those not shown yet. You can undo all of them at once from the message that follows, or
                    each one later.
                  </Trans>
                </Text>
              </ConfirmButton>
            )}
          </Group>
        ) : (
          <Group>
            <Button variant="default" size="sm" onClick={() => onSearch({})}>
              <Trans>Show all transfers</Trans>
            </Button>
          </Group>
        )}
        <QueryState query={shown} what={t`transfers`} />
        {shown.data && pairs.length === 0 && (
          <EmptyState
            icon={IconArrowsLeftRight}
            title={least ? t`No pair has this confidence` : t(EMPTY[status].title)}
            action={
              least && (
                <Button variant="default" onClick={() => onSearch(readTransfersSearch({ status }))}>
                  <Trans>Show any confidence</Trans>
                </Button>
              )
            }
          >
            {!least && t(EMPTY[status].why)}
            {!least && status === "suggested" && accounts.length < 2 && (
              <>
                {" "}
                <Trans>You need at least two accounts.</Trans>
              </>
            )}
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
