import { plural, t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Badge, Button, Card, Grid, Group, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { memo, useEffect, useRef, useState } from "react";
import { proofQueries } from "../../api/proof";
import type { Account } from "../../api/types";
import { QueryState } from "../../components/QueryState";
import { formatDay } from "../../lib/dates";
import { asSentence, listed } from "../../lib/listed";
import type { Choice } from "./choice";
import { DayDetail } from "./DayDetail";
import { emptyMonthsOf, monthsOf, type Stretch, summaryOf } from "./days";
import { HealDialog } from "./HealDialog";
import { HealProgress } from "./HealProgress";
import { MonthCalendar } from "./MonthCalendar";
import classes from "./proof.module.css";
import { YearStrip } from "./YearStrip";

type Props = {
  accountId: string;
  name: string;
  bank: string;
  /** The days that are known before their proof is: as many months are drawn. */
  known: Account["coverage"]["strip"];
  /** Whether this account is open, and its open month and day. */
  isOpen: boolean;
  month: string | undefined;
  day: string | undefined;
  onChoose: (choice: Choice) => void;
};

/** One account: a summary, a strip of its months, and the chosen month and day in detail. */
export const AccountProof = memo(function AccountProof(props: Props) {
  const { accountId, name, bank, isOpen, day: chosenDay, onChoose } = props;
  const proof = useQuery(proofQueries.strip(accountId));
  const [isAsking, setAsking] = useState(false);
  const [jobIds, setJobIds] = useState<string[]>([]);
  const card = useRef<HTMLElement>(null);
  const isLinkedTo = useRef(isOpen);
  const isLoaded = proof.data !== undefined;
  useEffect(() => {
    // A link to one account scrolls to it, once.
    if (isLinkedTo.current && isLoaded) card.current?.scrollIntoView({ block: "start" });
    if (isLoaded) isLinkedTo.current = false;
  }, [isLoaded]);
  const strip = proof.data?.strip ?? [];
  const months = monthsOf(strip);
  const openMonth = isOpen ? (chosenDay?.slice(0, 7) ?? props.month) : null;
  const index = months.findIndex((item) => item.month === openMonth);
  const month = months[index];
  return (
    <Card withBorder component="section" aria-label={name} ref={card}>
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start">
          <div>
            <Group gap="xs">
              <Title order={2} size="h4">
                {name}
              </Title>
              <Text size="sm" c="dimmed">
                {bank}
              </Text>
              {proof.data && proof.data.days.broken > 0 && (
                <Badge color="red" variant="light">
                  <Trans>
                    <Plural value={{ broken: proof.data.days.broken }} one="# day" other="# days" /> broken
                  </Trans>
                </Badge>
              )}
            </Group>
            <Text size="sm" className={classes.sentence}>
              {proof.data && sentence(strip)}
            </Text>
          </div>
          {proof.data && proof.data.refetch.length > 0 && (
            <Button size="sm" onClick={() => setAsking(true)}>
              <Trans>Fetch broken days again…</Trans>
            </Button>
          )}
        </Group>
        <QueryState
          query={proof}
          what={name}
          like={
            props.known.length === 0 ? (
              <NoDays />
            ) : (
              <YearStrip months={emptyMonthsOf(props.known)} chosen={null} onChoose={() => undefined} />
            )
          }
        />
        <HealProgress jobIds={jobIds} />
        {proof.data && months.length === 0 && <NoDays />}
        {months.length > 0 && (
          <YearStrip
            months={months}
            chosen={month?.month ?? null}
            onChoose={(name) => onChoose(name === month?.month ? {} : { account: accountId, month: name })}
          />
        )}
        {month && proof.data && (
          <Grid gap="xl">
            <Grid.Col span={{ base: 12, md: 5 }}>
              <MonthCalendar
                month={month}
                currency={proof.data.currency}
                chosen={chosenDay ?? null}
                hasBefore={index > 0}
                hasAfter={index < months.length - 1}
                onChooseDay={(day) => onChoose({ account: accountId, month: month.month, day })}
                onChooseMonth={(name) => onChoose({ account: accountId, month: name })}
              />
            </Grid.Col>
            <Grid.Col span={{ base: 12, md: 7 }} aria-live="polite">
              {chosenDay ? (
                <DayDetail accountId={accountId} day={chosenDay} />
              ) : (
                <Text size="sm" c="dimmed">
                  <Trans>Choose a day to see its rows and balances.</Trans>
                </Text>
              )}
            </Grid.Col>
          </Grid>
        )}
      </Stack>
      {isAsking && proof.data && (
        <HealDialog
          accountId={accountId}
          name={name}
          refetch={proof.data.refetch}
          onClose={() => setAsking(false)}
          onStarted={(started) => {
            setAsking(false);
            setJobIds(started);
          }}
        />
      )}
    </Card>
  );
});

function NoDays() {
  return (
    <Text size="sm" c="dimmed">
      <Trans>No days have been imported yet.</Trans>
    </Text>
  );
}

/** The strip in a sentence. */
export function sentence(strip: readonly Stretch[]): string {
  const { from, to, proven, balanced, broken } = summaryOf(strip);
  const isStored = strip.some((item) => ["answered", "empty", "rejected_rows"].includes(item.state));
  const first = strip[0]?.from;
  const sure = listed([
    proven > 0 && t`${{ proven: daysOf(proven) }} proven`,
    balanced > 0 && t`${{ balanced: daysOf(balanced) }} balanced`,
  ]);
  const proof =
    from && to
      ? t`${sure}, between ${{ from: formatDay(from) }} and ${{ to: formatDay(to) }}`
      : isStored && first
        ? t`Stored from ${{ first: formatDay(first) }}, but not provable yet: two balances are needed`
        : t`No days stored yet`;
  return broken > 0 ? t`${proof}; ${{ broken: daysOf(broken) }} broken.` : asSentence(proof);
}

function daysOf(count: number): string {
  return plural(count, { one: "# day", other: "# days" });
}
