import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { List, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { connectionQueries } from "../../api/connections";
import type { Account, Connection } from "../../api/types";
import { ConfirmButton } from "../../components/ConfirmButton";
import { QueryState } from "../../components/QueryState";
import { useRemoveConnection } from "./useRemoveConnection";

/** Removes a bank, after showing what is kept and what ends. */
export function RemoveButton({ connection, accounts }: { connection: Connection; accounts: Account[] }) {
  const [isAsked, setAsked] = useState(false);
  const remove = useRemoveConnection();
  const ends = useQuery({ ...connectionQueries.ends(connection.id), enabled: isAsked });
  function done(answer: { ended_at_truelayer: boolean }, close: () => void) {
    close();
    if (answer.ended_at_truelayer) {
      const message = t`${{ bank: connection.bank }} was removed, and the consent ended at TrueLayer.`;
      notifications.show({ message, color: "green" });
    } else {
      const message = t`TrueLayer did not confirm that the consent ended. bankimport deleted its access; you can also end the consent at the bank.`;
      notifications.show({
        title: t`${{ bank: connection.bank }} was removed`,
        message,
        color: "yellow",
        autoClose: false,
      });
    }
  }
  const rows = accounts.reduce((sum, account) => sum + account.coverage.transactions, 0);
  return (
    <ConfirmButton
      label={t`Remove`}
      size="compact-sm"
      variant="subtle"
      color="red"
      title={t`Remove ${{ bank: connection.bank }}?`}
      confirm={t`Remove the connection`}
      error={remove.error}
      isPending={remove.isPending}
      onOpen={() => setAsked(true)}
      onConfirm={(close) => remove.mutate(connection.id, { onSuccess: (answer) => done(answer, close) })}
    >
      <Text fw={600}>
        <Trans>What is kept</Trans>
      </Text>
      <List>
        <List.Item>
          <Trans>
            <Plural value={{ accounts: accounts.length }} one="# account or card" other="# accounts and cards" /> and{" "}
            <Plural value={rows} one="# row" other="# rows" /> already imported, with your edits and the record of where
            each row came from
          </Trans>
        </List.Item>
      </List>
      <Text fw={600}>
        <Trans>What ends</Trans>
      </Text>
      <QueryState query={ends} what={t`what ends`} lines={1} />
      {!ends.isPending && (
        <List>
          <List.Item>
            <Trans>The consent ends at TrueLayer, and bankimport deletes its access to the bank at once</Trans>
          </List.Item>
          {ends.data && ends.data.jobs > 0 && (
            <List.Item>
              <Trans>
                <Plural value={{ jobs: ends.data.jobs }} one="# import" other="# imports" /> in progress will stop
                fetching
              </Trans>
            </List.Item>
          )}
          {ends.data && ends.data.schedules > 0 && (
            <List.Item>
              <Trans>
                <Plural value={{ schedules: ends.data.schedules }} one="# schedule" other="# schedules" /> of this bank
                will stop fetching
              </Trans>
            </List.Item>
          )}
        </List>
      )}
      <Text size="sm" c="dimmed">
        <Trans>You can reconnect the bank at any time; the same accounts will be found.</Trans>
      </Text>
    </ConfirmButton>
  );
}
