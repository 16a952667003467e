import { Alert, Button, Stack, Text } from "@mantine/core";
import { LoadingState } from "../../components/LoadingState";
import { PageHeader } from "../../components/PageHeader";
import { Problem } from "../../components/Problem";
import { ConsentCalendar } from "./ConsentCalendar";
import { ConnectionCard } from "./ConnectionCard";
import { useAccountsOf, useConnectBank, useConnections } from "./useConnections";

type Props = { wasConnected: boolean; problem: string | undefined };

export function ConnectionsPage({ wasConnected, problem }: Props) {
  const connections = useConnections();
  const accounts = useAccountsOf((connections.data ?? []).map((connection) => connection.id));
  const connect = useConnectBank();
  if (connections.isPending) return <LoadingState what="banks" />;
  if (connections.error) return <Problem error={connections.error} />;
  return (
    <Stack>
      <PageHeader
        title="Banks and accounts"
        actions={
          <Button loading={connect.isPending} onClick={() => connect.mutate(null)}>
          Connect a bank
        </Button>
        }
      />
      {problem && (
        <Alert color="orange" title={wasConnected ? "Connected, but" : "Not connected"} role="alert">
          {problem}
        </Alert>
      )}
      {wasConnected && !problem && <Alert color="green">The bank is connected.</Alert>}
      {connect.error && <Problem error={connect.error} />}
      {connections.data.length === 0 && (
        <Text c="dimmed">No bank is connected yet. Connect one to see its accounts and cards here.</Text>
      )}
      {connections.data.map((connection, index) => (
        <ConnectionCard
          key={connection.id}
          connection={connection}
          accounts={accounts[index]?.data}
          onReconnect={() => connect.mutate(connection.id)}
        />
      ))}
      {connections.data.length > 0 && <ConsentCalendar />}
    </Stack>
  );
}
