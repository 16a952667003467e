import { Alert, Card, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import type { Account } from "../../../api/types";
import { CostText } from "../../../components/CostText";
import { Figures } from "../../../components/Figures";
import { When } from "../../../components/When";
import { formatDay } from "../../../lib/dates";
import { counted, formatCount, formatRange } from "../../../lib/formatCount";
import { formatDurations } from "../../../lib/formatDuration";
import { type Choice, enrichAt } from "./choice";
import { PlanPicture } from "./PlanPicture";
import { USUAL_TIME } from "./SettingsStep";
import { type Part, problemsOf, wholeOf } from "./together";

type Props = { choice: Choice; parts: Part[]; chosen: Account[] };

const LIMITS: Record<string, string> = {
  sca_window: "Older days may be refused",
  bank_depth: "Further back than banks allow",
  consent_end: "The consent ends soon",
  hour_old_cache: "Answers may be up to an hour old",
  rate_limited: "The bank asked us to slow down",
  calls_per_minute: "Waits between calls",
  unattended_allowance: "The bank's daily limit is almost reached",
};

/** How many messages of one kind are shown; those of further accounts differ only in their names. */
const MOST_MESSAGES = 3;

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
export function ReviewStep({ choice, parts, chosen }: Props) {
  const { dates, transactions, apiCalls, durationSeconds, cost } = wholeOf(parts);
  const problems = problemsOf(parts);
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Card component="section" aria-label="The plan">
          <Figures
            figures={[
              [parts.length === 1 ? "Bank" : "Banks", parts.map(({ bank }) => bank.bank).join(", ")],
              ["Days", `${formatDay(dates.from)} – ${formatDay(dates.to)}`],
              [
                "Accounts and cards",
                chosen.length > 3 ? formatCount(chosen.length) : chosen.map((row) => row.display_name).join(", "),
              ],
              ["Rows, about", formatRange(transactions.low, transactions.high)],
              ["Calls to the bank", formatRange(apiCalls.low, apiCalls.high)],
              ["Takes", formatDurations(durationSeconds.low, durationSeconds.high)],
              ["Costs", <CostText key="cost" cost={cost} />],
              ["Afterwards", <Afterwards key="afterwards" choice={choice} />],
              ["Kind", choice.dry ? "dry run: no rows are stored" : "import"],
              ["Batch size", choice.batch === undefined ? "automatic" : counted(choice.batch, "row")],
              ["Schedule", choice.repeat ? `${choice.repeat}, at ${choice.time ?? USUAL_TIME}` : "none"],
            ]}
          />
        </Card>
        <Card>
          <PlanPicture parts={parts} accounts={chosen} />
        </Card>
      </SimpleGrid>
      <Title order={2} size="h4">
        Possible problems
      </Title>
      {problems.length === 0 && <Text c="dimmed">None known.</Text>}
      {problems.map(([code, messages]) => (
        <Alert
          key={code}
          color="yellow"
          icon={<IconInfoCircle aria-hidden />}
          title={LIMITS[code] ?? code.replaceAll("_", " ")}
        >
          {messages.slice(0, MOST_MESSAGES).map((message) => (
            <Text key={message} size="sm">
              {message}
            </Text>
          ))}
          {messages.length > MOST_MESSAGES && (
            <Text size="sm">The same for {formatCount(messages.length - MOST_MESSAGES)} more.</Text>
          )}
        </Alert>
      ))}
    </Stack>
  );
}
