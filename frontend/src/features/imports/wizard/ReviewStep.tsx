import { Alert, Card, Stack, Text, Title } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import type { Account, Connection, Estimate } from "../../../api/types";
import { CostText } from "../../../components/CostText";
import { Figures } from "../../../components/Figures";
import { When } from "../../../components/When";
import { counted, formatRange } from "../../../lib/formatCount";
import { formatDay } from "../../../lib/formatDay";
import { formatDurations } from "../../../lib/formatDuration";
import { type Choice, chosenOf, enrichAt } from "./choice";
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

/** What stands in the way, each kind once with all that is said of it. */
function messagesByCode(limits: Estimate["limits"]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { code, message } of limits) found.set(code, (found.get(code) ?? new Set()).add(message));
  return found;
}

function Afterwards({ choice }: { choice: Choice }) {
  const at = enrichAt(choice);
  if (choice.enrich === false) return <>rows stay as the bank gave them</>;
  return (
    <>
      merchants and categories{at !== null && ", "}
      {at !== null && <When at={at} exact />}
    </>
  );
}

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
            [
              "Accounts and cards",
              chosen.length > 3
                ? `${chosen.length} of ${accounts.length}`
                : chosen.map((row) => row.display_name).join(", "),
            ],
            ["Rows, about", formatRange(transactions.low, transactions.high)],
            ["Calls to the bank", formatRange(api_calls.low, api_calls.high)],
            ["Takes", formatDurations(duration_seconds.low, duration_seconds.high)],
            ["Costs", <CostText key="cost" cost={estimate.cost} />],
            ["Afterwards", <Afterwards key="afterwards" choice={choice} />],
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
      {[...messagesByCode(estimate.limits)].map(([code, messages]) => (
        <Alert
          key={code}
          color="yellow"
          icon={<IconInfoCircle aria-hidden />}
          title={LIMITS[code] ?? code.replaceAll("_", " ")}
        >
          {[...messages].map((message) => (
            <Text key={message} size="sm">
              {message}
            </Text>
          ))}
        </Alert>
      ))}
    </Stack>
  );
}
