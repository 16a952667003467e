import { msg, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Badge, Button, Divider, Drawer, Group, Stack, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { proofQueries } from "../../api/proof";
import { transactionQueries } from "../../api/transactions";
import type { Transaction } from "../../api/types";
import { Money } from "../../components/Money";
import { QueryState } from "../../components/QueryState";
import { TextLink } from "../../components/TextLink";
import { When } from "../../components/When";
import { formatDay } from "../../lib/dates";
import { proofWords } from "../../lib/proofWords";
import { CameFrom } from "./CameFrom";
import { ChangeHistory } from "./ChangeHistory";
import { EditFields } from "./EditFields";
import { FieldRow } from "./FieldRow";
import { Provenance } from "./Provenance";
import type { Edit } from "./useEdit";

type Props = {
  id: string;
  accountName: (accountId: string) => string;
  categories: string[];
  onSave: (edit: Edit) => void;
  onClose: () => void;
  onStep: (by: 1 | -1) => void;
};

/** Everything known about one row. */
export function TransactionDrawer({ id, accountName, categories, onSave, onClose, onStep }: Props) {
  const transaction = useQuery(transactionQueries.one(id));
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="lg"
      title={
        <Text fw={600}>
          <Trans>Transaction</Trans>
        </Text>
      }
      closeButtonProps={{ "aria-label": t`Close the detail` }}
    >
      <QueryState query={transaction} what={t`the transaction`} />
      {transaction.data && (
        <Detail
          row={transaction.data}
          accountName={accountName(transaction.data.account_id)}
          categories={categories}
          onSave={onSave}
        />
      )}
      <Group mt="lg" justify="space-between">
        <Button size="xs" variant="default" onClick={() => onStep(-1)}>
          <Trans>Previous</Trans>
        </Button>
        <Button size="xs" variant="default" onClick={() => onStep(1)}>
          <Trans>Next</Trans>
        </Button>
      </Group>
    </Drawer>
  );
}

const TRANSFERS = {
  suggested: msg`possibly between your accounts – review`,
  confirmed: msg`between your accounts, confirmed`,
  refused: msg`not a transfer`,
};

type DetailProps = { row: Transaction; accountName: string; categories: string[]; onSave: (edit: Edit) => void };

function Detail({ row, accountName, categories, onSave }: DetailProps) {
  const source = useQuery(transactionQueries.provenance(row.id));
  return (
    <Stack gap="lg">
      <div>
        <Title order={2} size="h3" style={{ fontVariantNumeric: "tabular-nums" }}>
          <Money amount={row.amount} currency={row.currency} />
        </Title>
        <Text style={{ overflowWrap: "anywhere" }}>{row.description}</Text>
        <Group gap={6} mt={6}>
          <Badge variant="light" color={row.status === "pending" ? "gray" : "green"}>
            {row.status}
          </Badge>
          {row.still_pending && (
            <Badge variant="outline" color="gray">
              <Trans>booked, still listed as pending</Trans>
            </Badge>
          )}
          {row.flags.map((flag) => (
            <Badge key={flag} variant="outline" color="yellow">
              {flag.replaceAll("_", " ")}
            </Badge>
          ))}
        </Group>
      </div>
      <EditFields row={row} categories={categories} onSave={onSave} />
      <section aria-labelledby="said-by">
        <Title order={3} size="h5" id="said-by" mb={4}>
          <Trans>Source of merchant and category</Trans>
        </Title>
        <CameFrom row={row} />
      </section>
      <Table withRowBorders={false} verticalSpacing={3} layout="fixed" aria-label={t`Values from the bank`}>
        <Table.Tbody>
          <FieldRow name={t`Account`}>{accountName}</FieldRow>
          <FieldRow name={t`Day`}>{formatDay(row.date)}</FieldRow>
          {row.has_time && (
            <FieldRow name={t`Time`}>
              <When at={row.timestamp} />
            </FieldRow>
          )}
          <FieldRow name={t`Balance after`}>
            {row.running_balance === null ? (
              t`none`
            ) : (
              <Money amount={row.running_balance} currency={row.currency} isBalance />
            )}
          </FieldRow>
          <FieldRow name={t`Kind`}>{row.transaction_category?.replaceAll("_", " ").toLowerCase() ?? t`none`}</FieldRow>
          <FieldRow name={t`Classification`}>{row.classification.join(" › ") || t`none`}</FieldRow>
          {row.transfer && (
            <FieldRow name={t`Transfer`}>
              <TextLink to="/transfers" search={{ pair: row.transfer.id }} size="sm">
                {t(TRANSFERS[row.transfer.status])}
              </TextLink>
            </FieldRow>
          )}
          <FieldRow name={t`Our id`}>{row.id}</FieldRow>
          {row.status === "booked" && <ProofOfDay row={row} />}
        </Table.Tbody>
      </Table>
      <Divider />
      <section aria-labelledby="came-from">
        <Title order={3} size="h5" id="came-from" mb={4}>
          <Trans>Where it came from</Trans>
        </Title>
        <QueryState query={source} what={t`where it came from`} />
        {source.data && <Provenance source={source.data} />}
      </section>
      <section aria-labelledby="changes">
        <Title order={3} size="h5" id="changes" mb="xs">
          <Trans>Changes</Trans>
        </Title>
        {source.data && <ChangeHistory changes={source.data.changes} />}
      </section>
    </Stack>
  );
}

function ProofOfDay({ row }: { row: Transaction }) {
  const day = useQuery(proofQueries.day(row.account_id, row.date));
  if (!day.data) return null;
  return (
    <FieldRow name={t`Proof of the day`}>
      <TextLink to="/proof" search={{ account: row.account_id, day: row.date }} size="sm">
        {proofWords(day.data)}
      </TextLink>
    </FieldRow>
  );
}
