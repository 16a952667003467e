import { Button, Group, Stack, Table, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { LoadingState } from "../../components/LoadingState";
import { PageHeader } from "../../components/PageHeader";
import { Problem } from "../../components/Problem";
import { formatDay } from "../../lib/formatDay";
import { formatMoney } from "../../lib/formatMoney";
import { useTransactions } from "./useTransactions";

type Props = { text: string; onSearch: (text: string) => void };

export function TransactionsPage({ text, onSearch }: Props) {
  const [typed, setTyped] = useState(text);
  const found = useTransactions(text);
  const rows = found.data?.pages.flatMap((page) => page.transactions) ?? [];
  return (
    <Stack>
      <PageHeader title="Transactions" />
      <form
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          onSearch(typed.trim());
        }}
      >
        <Group align="end">
          <TextInput
            label="Description or merchant"
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Button type="submit">Search</Button>
        </Group>
      </form>
      {found.isPending && <LoadingState what="transactions" />}
      {found.error && <Problem error={found.error} />}
      {found.data && rows.length === 0 && (
        <Text c="dimmed">{text ? `No transaction holds “${text}”.` : "Nothing was imported yet."}</Text>
      )}
      {rows.length > 0 && (
        <Table.ScrollContainer minWidth={600}>
          <Table aria-label="Transactions" stickyHeader>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Day</Table.Th>
                <Table.Th>Description</Table.Th>
                <Table.Th>Merchant</Table.Th>
                <Table.Th ta="right">Amount</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((row) => (
                <Table.Tr key={row.id}>
                  <Table.Td>{formatDay(row.date)}</Table.Td>
                  <Table.Td>
                    {row.description}
                    {row.status === "pending" && (
                      <Text span size="sm" c="dimmed">
                        {" "}
                        pending
                      </Text>
                    )}
                  </Table.Td>
                  <Table.Td>{row.merchant}</Table.Td>
                  <Table.Td ta="right" style={{ fontVariantNumeric: "tabular-nums", whiteSpace: "nowrap" }}>
                    {formatMoney(row.amount, row.currency)}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {found.hasNextPage && (
        <Button variant="default" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          Show more
        </Button>
      )}
    </Stack>
  );
}
