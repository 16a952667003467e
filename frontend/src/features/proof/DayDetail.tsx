import { ph, plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Alert, Badge, Group, Stack, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { clsx } from "clsx";
import { proofQueries } from "../../api/proof";
import { Money } from "../../components/Money";
import { QueryState } from "../../components/QueryState";
import { TextLink } from "../../components/TextLink";
import { capitalised } from "../../lib/capitalised";
import { formatDay } from "../../lib/dates";
import { formatMoney } from "../../lib/formatMoney";
import { labelled, asSentence } from "../../lib/listed";
import { STAND_MEANINGS, STAND_NAMES, standOf, whyWords } from "../../lib/proofWords";
import classes from "./proof.module.css";
import { SIGNS } from "./stateSigns";

/** One day: its state and the reason, opening + rows = closing, and its rows. */
export function DayDetail({ accountId, day }: { accountId: string; day: string }) {
  const dayQuery = useQuery(proofQueries.day(accountId, day));
  if (dayQuery.data === undefined) return <QueryState query={dayQuery} what={t`the day`} />;
  const detail = dayQuery.data;
  const stand = standOf(detail);
  const meaning = t(STAND_MEANINGS[stand]);
  const why = whyWords(detail);
  const money = (amount: string) => formatMoney(amount, detail.currency);
  return (
    <Stack gap="sm" component="section" aria-label={formatDay(day)}>
      <Group gap="xs">
        <Title order={3} size="h5">
          {formatDay(day)}
        </Title>
        <span className={clsx(classes.swatch, classes[stand])} aria-hidden>
          {SIGNS[stand]}
        </span>
        <Text fw={600}>{t(STAND_NAMES[stand])}</Text>
      </Group>
      <Text size="sm">{asSentence(capitalised(why ? labelled(meaning, why) : meaning))}</Text>
      {detail.from !== detail.to && (
        <Text size="sm" c="dimmed">
          <Trans>
            Proven together, because the bank mixes the rows of these days: {ph({ from: formatDay(detail.from) })} to{" "}
            {ph({ to: formatDay(detail.to) })}.
          </Trans>
        </Text>
      )}
      {detail.opening !== null || detail.closing !== null ? (
        <Table withRowBorders={false} verticalSpacing={2} w="auto" aria-label={t`Opening, rows and closing`}>
          <Table.Tbody style={{ fontVariantNumeric: "tabular-nums" }}>
            <Sum name={t`Opening balance`} amount={detail.opening === null ? t`not known` : money(detail.opening)} />
            <Sum name={t`+ rows`} amount={money(detail.rows_total)} />
            <Sum
              name={t`= closing balance`}
              amount={detail.closing === null ? t`not known` : money(detail.closing)}
              isSum
            />
          </Table.Tbody>
        </Table>
      ) : (
        <Text size="sm" c="dimmed">
          <Trans>The balances before and after this day are unknown.</Trans>
        </Text>
      )}
      {stand === "broken" && (
        <Alert
          color="red"
          title={
            detail.missing_amount
              ? t`${{ missingAmount: money(detail.missing_amount) }} missing`
              : t`Rows are missing or duplicated`
          }
        >
          <Text size="sm">
            {detail.why === "gap" &&
              t`The rows of the day are consistent; the gap is between the end of one day and the start of the next.`}{" "}
            {detail.refetch
              ? t`Fetching these days again may find the missing rows: ${{ from: formatDay(detail.refetch.from) }} to ${{ to: formatDay(detail.refetch.to) }}.`
              : t`Fetching more days would not explain the difference.`}
          </Text>
        </Alert>
      )}
      {stand === "unprovable" && detail.refetch && (
        <Alert color="yellow" title={t`The bank's answer may have been cut off`}>
          <Text size="sm">
            {t`The balance does not match the newest row. Fetch ${{ from: formatDay(detail.refetch.from) }} to ${{ to: formatDay(detail.refetch.to) }} again to check for missing rows.`}
          </Text>
        </Alert>
      )}
      <Text size="sm" fw={600}>
        {detail.rows.length === 0
          ? t`No booked row on this day.`
          : plural({ rows: detail.rows.length }, { one: "# booked row", other: "# booked rows" })}
      </Text>
      {detail.rows.length > 0 && (
        <Table aria-label={t`Rows of the day`} verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>
                <Trans>Description</Trans>
              </Table.Th>
              <Table.Th ta="right">
                <Trans>Amount</Trans>
              </Table.Th>
              <Table.Th ta="right">
                <Trans>Balance after</Trans>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody style={{ fontVariantNumeric: "tabular-nums" }}>
            {detail.rows.map((row) => (
              <Table.Tr key={row.id}>
                <Table.Td>
                  <TextLink
                    to="/transactions"
                    search={{ row: row.id, account: accountId, from: day, to: day }}
                    size="sm"
                  >
                    {row.description || t`no description`}
                  </TextLink>
                  {row.flags.map((flag) => (
                    <Badge key={flag} ml="xs" size="xs" variant="outline">
                      {flag.replaceAll("_", " ")}
                    </Badge>
                  ))}
                </Table.Td>
                <Table.Td ta="right" style={{ whiteSpace: "nowrap" }}>
                  <Money amount={row.amount} currency={row.currency} />
                </Table.Td>
                <Table.Td ta="right" style={{ whiteSpace: "nowrap" }}>
                  {row.running_balance === null ? "–" : money(row.running_balance)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Stack>
  );
}

function Sum({ name, amount, isSum = false }: { name: string; amount: string; isSum?: boolean }) {
  return (
    <Table.Tr style={isSum ? { borderTop: "1px solid var(--mantine-color-default-border)" } : {}}>
      <Table.Th scope="row">
        <Text size="sm" fw={isSum ? 600 : 400}>
          {name}
        </Text>
      </Table.Th>
      <Table.Td ta="right">
        <Text size="sm" fw={isSum ? 600 : 400}>
          {amount}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}
