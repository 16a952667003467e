import { ph, plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Alert, Button, Group, List, Loader, Stack, Text } from "@mantine/core";
import { IconGitCompare } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { importQueries } from "../../api/imports";
import { ConfirmButton } from "../../components/ConfirmButton";
import { EmptyState } from "../../components/EmptyState";
import { PageHeader } from "../../components/PageHeader";
import { Problem } from "../../components/Problem";
import { QueryState } from "../../components/QueryState";
import { TextLink } from "../../components/TextLink";
import { formatDay } from "../../lib/dates";
import { formatCount } from "../../lib/formatCount";
import { labelled, listed } from "../../lib/listed";
import { AccountDiffCard } from "./AccountDiffCard";
import { useSettle } from "./useSettle";

const POLL_MS = 2_000;
const FIRST_ROWS = 100;
const MOST_ROWS = 1000;

/** The result of a dry run before anything is stored, with buttons to commit or discard it. */
export function DiffPage({ jobId }: { jobId: string }) {
  const job = useQuery({
    ...importQueries.status(jobId),
    refetchInterval: (query) => (query.state.data?.completed_at ? false : POLL_MS),
  });
  const [limit, setLimit] = useState(FIRST_ROWS);
  const hasEnded = job.data?.completed_at != null;
  const canShow = hasEnded && job.data?.is_dry_run === true && !job.data.is_discarded;
  const diff = useQuery({ ...importQueries.diff(jobId, limit), enabled: canShow });
  const settle = useSettle(jobId);
  const navigate = useNavigate();
  const accounts = diff.data?.accounts ?? [];
  const failed = job.data?.accounts.filter((account) => account.status !== "completed") ?? [];
  const toJob = () => void navigate({ to: "/imports/$jobId", params: { jobId: jobId } });
  if (job.data === undefined) return <QueryState query={job} what={t`the dry run`} />;
  const days = job.data.date_range;
  return (
    <>
      <PageHeader
        title={t`Dry run ${jobId}`}
        actions={
          canShow &&
          diff.data && (
            <>
              <ConfirmButton
                label={t`Discard`}
                variant="default"
                title={t`Discard dry run ${jobId}?`}
                confirm={t`Discard it`}
                error={settle.error}
                isPending={settle.isPending}
                onConfirm={() => settle.mutate("discard", { onSuccess: toJob })}
              >
                <Text size="sm">
                  <Trans>
                    Nothing was stored, and nothing will be. The bank's answers are deleted, so you cannot commit this
                    dry run later. To get them again, start a new import.
                  </Trans>
                </Text>
              </ConfirmButton>
              <Button loading={settle.isPending} onClick={() => settle.mutate("commit", { onSuccess: toJob })}>
                <Trans>Commit</Trans>
              </Button>
            </>
          )
        }
      >
        <Trans>
          {ph({ from: formatDay(days.from) })} to {ph({ to: formatDay(days.to) })} was fetched; nothing was stored.{" "}
          <TextLink to="/imports/$jobId" params={{ jobId: jobId }} underline="always">
            See the import
          </TextLink>
        </Trans>
      </PageHeader>
      <Stack>
        {settle.error && <Problem error={settle.error} />}
        {!hasEnded && (
          <Alert color="blue" role="status" icon={<Loader size="xs" aria-hidden />} title={t`Still fetching`}>
            <Trans>{ph({ percent: job.data.progress.percent })}% done. The changes appear here when it ends.</Trans>
          </Alert>
        )}
        {hasEnded && !canShow && (
          <EmptyState
            icon={IconGitCompare}
            title={
              job.data.is_discarded ? t`This dry run was discarded` : t`This is not a dry run, or it was committed`
            }
            action={
              <Button variant="default" component={Link} to={`/imports/${jobId}`}>
                <Trans>Open the import</Trans>
              </Button>
            }
          >
            <Trans>There are no changes to show.</Trans>
          </EmptyState>
        )}
        {canShow && (
          <Alert color="blue" title={t`Committing does not call the bank again`}>
            <Trans>
              It stores exactly these answers. The list shows how they differ from the stored rows now. You can undo a
              commit like any import.
            </Trans>
          </Alert>
        )}
        {canShow && failed.length > 0 && (
          <Alert
            color="orange"
            title={t`${plural({ failed: failed.length }, { one: "# account was", other: "# accounts were" })} not fetched completely`}
          >
            <List size="sm">
              {failed.map((account) => (
                <List.Item key={account.account_id}>
                  {labelled(account.display_name, account.error?.message ?? account.status)}
                </List.Item>
              ))}
            </List>
          </Alert>
        )}
        {canShow && <QueryState query={diff} what={t`the changes`} />}
        {canShow && accounts.length > 0 && <Summary counts={accounts.map((account) => account.counts)} />}
        {canShow &&
          accounts.map((account) => (
            <AccountDiffCard
              key={account.account_id}
              diff={account}
              onShowMore={limit < MOST_ROWS ? () => setLimit(MOST_ROWS) : null}
            />
          ))}
        {canShow && diff.isFetching && limit > FIRST_ROWS && (
          <Group>
            <Loader size="xs" aria-label={t`Loading more rows`} />
          </Group>
        )}
      </Stack>
    </>
  );
}

function Summary({ counts }: { counts: Record<string, number>[] }) {
  const sum = (name: string) => counts.reduce((total, item) => total + (item[name] ?? 0), 0);
  const parts = [
    t`${{ count: formatCount(sum("new")) }} new`,
    t`${{ count: formatCount(sum("changed")) }} changed`,
    t`${{ count: formatCount(sum("merged")) }} would merge`,
    t`${{ count: formatCount(sum("vanished")) }} would vanish`,
    t`${{ count: formatCount(sum("same")) }} the same`,
  ];
  return (
    <Text fw={600} role="status">
      <Trans>Total: {ph({ parts: listed(parts) })}.</Trans>
    </Text>
  );
}
