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
  bank_depth: "Further back than banks allow",
  consent_end: "The consent ends soon",
  hour_old_cache: "Answers may be up to an hour old",
  rate_limited: "The bank asked us to slow down",
  calls_per_minute: "Waits between calls",
  daily_allowance: "The bank's daily limit is almost reached",
};

/** Possible problems, grouped by kind. */
function messagesByCode(limits: Estimate["limits"]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { code, message } of limits) found.set(code, (found.get(code) ?? new Set()).add(message));
  return found;
}

function Afterwards({ choice }: { choice: Choice }) {
  const at = enrichAt(choice);
  if (choice.enrich === false) return <>rows keep the bank's values</>;
  return (
    <>
      merchants and categories{at !== null && ", "}
      {at !== null && <When at={at} exact />}
    </>
  );
}

/** The whole plan before the start: days, amounts, costs and possible problems. */
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
            ["Kind", choice.dry ? "dry run: no rows are stored" : "import"],
            ["Batch size", choice.batch === undefined ? "automatic" : counted(choice.batch, "row")],
            ["Schedule", choice.repeat ? `${choice.repeat}, at ${choice.time ?? USUAL_TIME}` : "none"],
          ]}
        />
      </Card>
      <Title order={2} size="h4">
        Possible problems
      </Title>
      {estimate.limits.length === 0 && <Text c="dimmed">None known.</Text>}
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
