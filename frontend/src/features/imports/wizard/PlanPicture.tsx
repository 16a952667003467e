import { ph, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Box, Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { Account } from "../../../api/types";
import { formatDay } from "../../../lib/dates";
import { labelled, listed } from "../../../lib/listed";
import { useNow } from "../../../lib/useNow";
import { DaysBar, DaysLegend } from "./DaysBar";
import { daysInWords, daysOfAccounts, type Part, wholeOf } from "./together";
import classes from "./wizard.module.css";

const FIRST = 8;

type Props = { parts: Part[]; accounts: Account[] };

/** The planned days of every account as a bar: requested, already stored, and perhaps out of the bank's reach. */
export function PlanPicture({ parts, accounts }: Props) {
  const now = useNow(30_000);
  const { dates } = wholeOf(parts);
  const rows = parts.flatMap((part) => daysOfAccounts(part, accounts, now));
  const [isWhole, setWhole] = useState(rows.length <= FIRST + 2);
  return (
    <Stack gap={6} component="section" aria-label={t`Days requested and already stored`}>
      <DaysLegend hasBeyond={rows.some((row) => row.beyond.length > 0)} />
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          {formatDay(dates.from)}
        </Text>
        <Text size="sm" c="dimmed">
          {formatDay(dates.to)}
        </Text>
      </Group>
      <Box component="ul" className={classes.picture}>
        {(isWhole ? rows : rows.slice(0, FIRST)).map((row) => (
          <li key={row.account.account_id}>
            <DaysBar whole={dates} asked={row.asked} held={row.held} beyond={row.beyond} />
            <Text size="sm">
              {labelled(listed([parts.length > 1 && row.bank.bank, row.account.display_name]), daysInWords(row))}
            </Text>
          </li>
        ))}
      </Box>
      {!isWhole && (
        <Button variant="default" size="compact-sm" onClick={() => setWhole(true)}>
          <Trans>Show all {ph({ rows: rows.length })} accounts</Trans>
        </Button>
      )}
    </Stack>
  );
}
