import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Alert, Button, Stack } from "@mantine/core";
import { IconBuildingBank, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { connectionQueries } from "../../api/connections";
import { useConnectBank } from "../../api/useConnectBank";
import { EmptyState } from "../../components/EmptyState";
import { PageHeader } from "../../components/PageHeader";
import { Problem } from "../../components/Problem";
import { QueryState } from "../../components/QueryState";
import { AfterConsent } from "./AfterConsent";
import { ConnectionCard } from "./ConnectionCard";
import { ConsentCalendar } from "./ConsentCalendar";
import { ContinuationOffers } from "./ContinuationOffers";
import { isQuestion, problemInWords, type ReturnProblem } from "./problemWords";

function titleOf(problem: ReturnProblem, wasConnected: boolean): string {
  if (isQuestion(problem)) return t`Another login`;
  return wasConnected ? t`Connected, with a problem` : t`Not connected`;
}

type Props = { connectedId: string | undefined; problem: ReturnProblem | undefined };

/** The user's banks: how long each consent lasts, what it shares, and connecting, renewing and removing. */
export function ConnectionsPage({ connectedId, problem }: Props) {
  const connections = useQuery(connectionQueries.list());
  const connect = useConnectBank();
  const button = (
    <Button
      loading={connect.isPending && connect.variables === null}
      leftSection={<IconPlus size={16} aria-hidden />}
      onClick={() => connect.mutate(null)}
    >
      <Trans>Connect a bank</Trans>
    </Button>
  );
  if (connections.data === undefined) return <QueryState query={connections} what={t`banks`} />;
  const hasNone = connections.data.length === 0;
  const connected = connections.data.find(({ id }) => id === connectedId);
  const isAnswered = !connections.data.some((connection) => connection.renewal);
  const shown = problem !== undefined && isQuestion(problem) && isAnswered ? undefined : problem;
  return (
    <>
      <PageHeader title={t`Banks and accounts`} actions={hasNone ? undefined : button}>
        <Trans>You choose what to share on your bank's own pages. bankimport never sees your bank password.</Trans>
      </PageHeader>
      <QueryState query={connections} what={t`banks`} />
      <Stack>
        {shown && (
          <Alert color="orange" title={titleOf(shown, connectedId !== undefined)} role="alert">
            {problemInWords(shown)}
          </Alert>
        )}
        {connected && !problem && <AfterConsent connection={connected} />}
        {connect.error && <Problem error={connect.error} />}
        {hasNone && (
          <EmptyState icon={IconBuildingBank} title={t`No bank is connected yet`} action={button}>
            <Trans>Connect a bank to see its accounts and cards here.</Trans>
          </EmptyState>
        )}
        <ContinuationOffers />
        {connections.data.map((connection) => (
          <ConnectionCard key={connection.id} connection={connection} />
        ))}
        {!hasNone && <ConsentCalendar />}
      </Stack>
    </>
  );
}
