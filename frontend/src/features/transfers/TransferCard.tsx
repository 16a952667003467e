import { Alert, Badge, Button, Card, Group, Paper, SimpleGrid, Stack, Text } from "@mantine/core";
import type { Transaction } from "../../api/types";
import { Money } from "../../components/Money";
import { TextLink } from "../../components/TextLink";
import { When } from "../../components/When";
import { formatDay } from "../../lib/dates";
import { formatMoney } from "../../lib/formatMoney";
import type { Action, Transfer } from "./useTransfers";
import { howSure, percent, restsOn } from "./words";

type Props = {
  pair: Transfer;
  accountName: (accountId: string) => string;
  isBusy: boolean;
  onDecide: (action: Action) => void;
};

/** A pair with both rows, its confidence and the reasons, and the possible decisions. */
export function TransferCard({ pair, accountName, isBusy, onDecide }: Props) {
  const sure = howSure(pair.confidence);
  const amount = formatMoney(pair.amount, pair.currency);
  const clauses = restsOn(pair).join(", ");
  return (
    <Card withBorder component="article" aria-label={`${amount}, ${formatDay(pair.money_out.date)}`}>
      <Stack gap="sm">
        <Group gap="xs">
          <Badge variant="light" color={sure.color} style={{ textTransform: "none" }}>
            {sure.word}, {percent(pair.confidence)}
          </Badge>
          <Text size="sm" c="dimmed">
            {clauses.charAt(0).toUpperCase() + clauses.slice(1)}.
          </Text>
        </Group>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          <Side title="From" row={pair.money_out} accountName={accountName} />
          <Side title="To" row={pair.money_in} accountName={accountName} />
        </SimpleGrid>
        {!pair.is_whole && (
          <Alert color="yellow" p="xs">
            One of the rows was removed because its import was undone. Redo that import to restore the pair.
          </Alert>
        )}
        {pair.is_whole && !pair.fits && (
          <Alert color="yellow" p="xs">
            The amounts no longer match: the bank changed a row.
          </Alert>
        )}
        <Group justify="space-between">
          <Text size="sm" c="dimmed">
            {pair.status === "confirmed" && "Confirmed "}
            {pair.status === "refused" && "Refused "}
            {pair.decided_at && <When at={pair.decided_at} />}
          </Text>
          <Group gap="xs">
            {pair.status === "suggested" && (
              <Button size="sm" variant="default" disabled={isBusy} onClick={() => onDecide("refuse")}>
                Not a transfer
              </Button>
            )}
            {pair.status !== "suggested" && (
              <Button size="sm" variant="default" disabled={isBusy} onClick={() => onDecide("reopen")}>
                Undo the decision
              </Button>
            )}
            {pair.status !== "confirmed" && (
              <Button size="sm" disabled={isBusy || !pair.is_whole || !pair.fits} onClick={() => onDecide("confirm")}>
                Confirm
              </Button>
            )}
          </Group>
        </Group>
      </Stack>
    </Card>
  );
}

type SideProps = { title: string; row: Transaction; accountName: (accountId: string) => string };

function Side({ title, row, accountName }: SideProps) {
  return (
    <Paper withBorder p="xs">
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div style={{ minWidth: 0, overflowWrap: "anywhere" }}>
          <Text size="xs" c="dimmed">
            {title}
          </Text>
          <Text size="sm" fw={500}>
            {accountName(row.account_id)}
          </Text>
          <TextLink
            to="/transactions"
            search={{ row: row.id, account: row.account_id, from: row.date, to: row.date }}
            size="sm"
          >
            {row.description || "no description"}
          </TextLink>
          <Text size="xs" c="dimmed">
            {formatDay(row.date)}
          </Text>
        </div>
        <Text size="sm" component="div">
          <Money amount={row.amount} currency={row.currency} />
        </Text>
      </Group>
    </Paper>
  );
}
