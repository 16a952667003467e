import { ph, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button, Card, Group, Stack, Text, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { accountQueries } from "../../api/connections";
import type { Connection } from "../../api/types";
import { useConnectBank } from "../../api/useConnectBank";
import { ConsentClock } from "../../components/ConsentClock";
import { Problem } from "../../components/Problem";
import { QueryState } from "../../components/QueryState";
import { StatusBadge } from "../../components/StatusBadge";
import { When } from "../../components/When";
import { AccountTable } from "./AccountTable";
import { ListingNotes } from "./ListingNotes";
import { RemoveButton } from "./RemoveButton";
import { RenewalPrompt } from "./RenewalPrompt";
import { TimeZoneSelect } from "./TimeZoneSelect";
import { useExtend } from "./useExtend";
import { useRefreshAccounts } from "./useRefreshAccounts";

/** One bank: its consent, its accounts and cards, and what can be done about them. */
export function ConnectionCard({ connection }: { connection: Connection }) {
  const accounts = useQuery(accountQueries.of(connection.id));
  const reconnect = useConnectBank();
  const extend = useExtend(connection.id);
  const refresh = useRefreshAccounts(connection.id);
  const problem = reconnect.error ?? extend.error ?? refresh.error;
  const isActive = connection.status === "active";
  function extendIt() {
    extend.mutate(undefined, {
      onSuccess: (answer) => {
        if (answer.extended)
          notifications.show({ message: t`The consent to ${{ bank: connection.bank }} was extended.`, color: "green" });
        else if (!answer.authorization_url) {
          const message = t`The bank did not extend the consent; reconnect it instead.`;
          notifications.show({ message, color: "yellow" });
        }
      },
    });
  }
  return (
    <Card component="section" aria-label={connection.bank}>
      <Stack>
        <Group justify="space-between" align="flex-start">
          <Stack gap={4}>
            <Group gap="xs">
              <Title order={2} size="h4">
                {connection.bank}
              </Title>
              <StatusBadge status={connection.status} />
            </Group>
            <Group gap="xs">
              <ConsentClock
                state={connection.consent_state}
                endsAt={connection.consent_expires_at}
                daysLeft={connection.consent_days_left}
                isAssumed={connection.consent_end_assumed}
              />
              <ConsentEnd connection={connection} />
            </Group>
          </Stack>
          <Group gap="xs">
            {isActive && (
              <Button size="compact-sm" component={Link} to={`/imports/new?connection=${connection.id}`}>
                <Trans>Import</Trans>
              </Button>
            )}
            {isActive && (
              <Button size="compact-sm" variant="default" loading={extend.isPending} onClick={extendIt}>
                <Trans>Extend</Trans>
              </Button>
            )}
            <Button
              size="compact-sm"
              variant={isActive ? "default" : "filled"}
              loading={reconnect.isPending}
              onClick={() => reconnect.mutate(connection.id)}
            >
              <Trans>Reconnect</Trans>
            </Button>
            {isActive && (
              <Button size="compact-sm" variant="default" loading={refresh.isPending} onClick={() => refresh.mutate()}>
                <Trans>Refresh accounts</Trans>
              </Button>
            )}
            <RemoveButton connection={connection} accounts={accounts.data ?? []} />
          </Group>
        </Group>
        <RenewalPrompt connection={connection} />
        <ListingNotes connection={connection} />
        {connection.last_error && (
          <Text size="sm" c="red">
            <Trans>Last error from the bank: {ph({ lastError: connection.last_error.replaceAll("_", " ") })}.</Trans>
          </Text>
        )}
        {problem && <Problem error={problem} />}
        <QueryState query={accounts} what={t`accounts`} />
        {accounts.data && <AccountTable bank={connection.bank} accounts={accounts.data} />}
        <TimeZoneSelect connection={connection} />
      </Stack>
    </Card>
  );
}

/** When the consent ends or has ended, and whether that is only assumed. */
function ConsentEnd({ connection }: { connection: Connection }) {
  if (connection.consent_ended_at) {
    return (
      <Text size="sm" c="dimmed">
        <Trans>
          since <When at={connection.consent_ended_at} exact />
        </Trans>
      </Text>
    );
  }
  if (!connection.consent_expires_at || connection.consent_state === "unknown") return null;
  return (
    <Text size="sm" c="dimmed">
      {connection.consent_end_assumed ? (
        <Trans>
          probably until <When at={connection.consent_expires_at} exact />
        </Trans>
      ) : (
        <Trans>
          until <When at={connection.consent_expires_at} exact />
        </Trans>
      )}
    </Text>
  );
}
