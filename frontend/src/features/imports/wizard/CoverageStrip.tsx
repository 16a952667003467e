import { Box, Group, Stack, Text } from "@mantine/core";
import type { Account, Estimate } from "../../../api/types";
import { counted, formatCount } from "../../../lib/formatCount";
import { formatDay } from "../../../lib/formatDay";
import classes from "./wizard.module.css";

type Props = { estimate: Estimate; accounts: Account[] };

const DAY_MS = 86_400_000;

function dayNumber(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / DAY_MS;
}

/** The chosen days that each account already has, as a bar from the first day to the last. */
export function CoverageStrip({ estimate, accounts }: Props) {
  const first = dayNumber(estimate.date_range.from);
  const length = dayNumber(estimate.date_range.to) - first + 1;
  const names = new Map(accounts.map((account) => [account.account_id, account.display_name]));
  return (
    <Stack gap={6} component="section" aria-label="Days that are already stored">
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          {formatDay(estimate.date_range.from)}
        </Text>
        <Text size="sm" c="dimmed">
          {formatDay(estimate.date_range.to)}
        </Text>
      </Group>
      {estimate.coverage.map((row) => (
        <div key={row.account_id}>
          <Box className={classes.strip} aria-hidden>
            {row.held.map((days) => (
              <Box
                key={days.from}
                className={classes.held}
                style={{
                  left: `${((dayNumber(days.from) - first) / length) * 100}%`,
                  width: `${((dayNumber(days.to) - dayNumber(days.from) + 1) / length) * 100}%`,
                }}
              />
            ))}
          </Box>
          <Text size="sm">
            {names.get(row.account_id) ?? "Account"}: {formatCount(row.held_days)} of {counted(length, "day")} already
            stored
          </Text>
        </div>
      ))}
    </Stack>
  );
}
