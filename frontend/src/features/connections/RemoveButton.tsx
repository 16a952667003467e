import { List, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { connectionQueries } from "../../api/connections";
import type { Account, Connection } from "../../api/types";
import { ConfirmButton } from "../../components/ConfirmButton";
import { QueryState } from "../../components/QueryState";
import { counted } from "../../lib/formatCount";
import { useRemoveConnection } from "./useRemoveConnection";

/** Removes a bank, after showing what is kept and what ends. */
export function RemoveButton({ connection, accounts }: { connection: Connection; accounts: Account[] }) {
  const [isAsked, setAsked] = useState(false);
  const remove = useRemoveConnection();
  const ends = useQuery({ ...connectionQueries.ends(connection.id), enabled: isAsked });
  function done(answer: { ended_at_truelayer: boolean }, close: () => void) {
    close();
    if (answer.ended_at_truelayer) {
      const message = `${connection.bank} was removed, and the consent ended at TrueLayer.`;
      notifications.show({ message, color: "green" });
    } else {
      const message =
        "TrueLayer did not confirm that the consent ended. bankimport deleted its access; you can also end the consent at the bank.";
      notifications.show({ title: `${connection.bank} was removed`, message, color: "yellow", autoClose: false });
    }
  }
  const rows = accounts.reduce((sum, account) => sum + account.coverage.transactions, 0);
  return (
    <ConfirmButton
      label="Remove"
      size="compact-sm"
      variant="subtle"
      color="red"
      title={`Remove ${connection.bank}?`}
      confirm="Remove the connection"
      error={remove.error}
      isPending={remove.isPending}
      onOpen={() => setAsked(true)}
      onConfirm={(close) => remove.mutate(connection.id, { onSuccess: (answer) => done(answer, close) })}
    >
      <Text fw={600}>What is kept</Text>
      <List>
        <List.Item>
          {counted(accounts.length, "account or card", "accounts and cards")} and {counted(rows, "row")} already
          imported, with your edits and the record of where each row came from
        </List.Item>
      </List>
      <Text fw={600}>What ends</Text>
      <QueryState query={ends} what="what ends" lines={1} />
      {!ends.isPending && (
        <List>
          <List.Item>The consent ends at TrueLayer, and bankimport deletes its access to the bank at once</List.Item>
          {ends.data && ends.data.jobs > 0 && (
            <List.Item>{counted(ends.data.jobs, "import")} in progress will stop fetching</List.Item>
          )}
          {ends.data && ends.data.schedules > 0 && (
            <List.Item>{counted(ends.data.schedules, "schedule")} of this bank will stop fetching</List.Item>
          )}
        </List>
      )}
      <Text size="sm" c="dimmed">
        You can reconnect the bank at any time; the same accounts will be found.
      </Text>
    </ConfirmButton>
  );
}
