import { Alert, Card, Stack, Text, Title } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import type { Account, Connection, Estimate } from "../../../api/types";
import { CostText } from "../../../components/CostText";
import { Figures } from "../../../components/Figures";
import { counted, formatRange } from "../../../lib/formatCount";
import { formatDay } from "../../../lib/formatDay";
import { formatDuration } from "../../../lib/formatDuration";
import { type Choice, chosenOf } from "./choice";
import { USUAL_TIME } from "./SettingsStep";

type Props = { choice: Choice; bank: Connection; accounts: Account[]; estimate: Estimate };

const LIMITS: Record<string, string> = {
  sca_window: "Older days may be refused",
  bank_depth: "Deeper than banks go",
  consent_end: "The consent ends soon",
  hour_old_cache: "The answer may be up to an hour old",
  rate_limited: "The bank asked us to slow down",
  calls_per_minute: "It waits in between",
  daily_allowance: "The bank's daily allowance is nearly spent",
};

/** All of it once more before it begins: what, how much, what it costs, and what will not be reached. */
export function ReviewStep({ choice, bank, accounts, estimate }: Props) {
  const { transactions, duration_seconds, api_calls } = estimate.estimated_range;
  const chosen = chosenOf(choice, accounts);
  return (
    <Stack>
      <Card component="section" aria-label="The plan">
        <Figures
          figures={[
            ["Bank", bank.bank],
            ["Days", `${formatDay(estimate.date_range.from)} – ${formatDay(estimate.date_range.to)}`],
            ["Accounts and cards", chosen.map((row) => row.display_name).join(", ")],
            ["Rows, about", formatRange(transactions.low, transactions.high)],
            ["Calls to the bank", formatRange(api_calls.low, api_calls.high)],
            ["Takes", `${formatDuration(duration_seconds.low)} to ${formatDuration(duration_seconds.high)}`],
            ["Costs", <CostText key="cost" cost={estimate.cost} />],
            ["Afterwards", choice.enrich === false ? "rows stay as the bank gave them" : "merchants and categories"],
            ["Kind", choice.dry ? "dry run: no row is stored" : "import"],
            ["Batch size", choice.batch === undefined ? "automatic" : counted(choice.batch, "row")],
            ["Schedule", choice.repeat ? `${choice.repeat}, at ${choice.time ?? USUAL_TIME}` : "none"],
          ]}
        />
      </Card>
      <Title order={2} size="h4">
        What may stand in the way
      </Title>
      {estimate.limits.length === 0 && <Text c="dimmed">Nothing that is known of.</Text>}
      {estimate.limits.map((limit) => (
        <Alert
          key={`${limit.code} ${limit.message}`}
          color="yellow"
          icon={<IconInfoCircle aria-hidden />}
          title={LIMITS[limit.code] ?? limit.code.replaceAll("_", " ")}
        >
          {limit.message}
        </Alert>
      ))}
    </Stack>
  );
}
