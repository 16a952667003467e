import type { MessageDescriptor } from "@lingui/core";
import { msg, ph, plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Alert, Card, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import type { Account } from "../../../api/types";
import { CostText } from "../../../components/CostText";
import { Figures } from "../../../components/Figures";
import { Listed } from "../../../components/Listed";
import { When } from "../../../components/When";
import { codeWords } from "../../../lib/codeWords";
import { formatDay } from "../../../lib/dates";
import { formatCount, formatRange } from "../../../lib/formatCount";
import { formatDurations } from "../../../lib/formatDuration";
import { listed } from "../../../lib/listed";
import { type Choice, enrichAt } from "./choice";
import { PlanPicture } from "./PlanPicture";
import { USUAL_TIME } from "./SettingsStep";
import { type Part, problemsOf, wholeOf } from "./together";

type Props = { choice: Choice; parts: Part[]; chosen: Account[] };

const LIMITS: Record<string, MessageDescriptor> = {
  sca_window: msg`Older days may be refused`,
  bank_depth: msg`Further back than banks allow`,
  consent_end: msg`The consent ends soon`,
  hour_old_cache: msg`Answers may be up to an hour old`,
  rate_limited: msg`The bank asked us to slow down`,
  calls_per_minute: msg`Waits between calls`,
  unattended_allowance: msg`The bank's daily limit is almost reached`,
};

/** How many messages of one kind are shown; those of further accounts differ only in their names. */
const MOST_MESSAGES = 3;

function Afterwards({ choice }: { choice: Choice }) {
  const at = enrichAt(choice);
  if (choice.enrich === false)
    return (
      <>
        <Trans>rows keep the bank's values</Trans>
      </>
    );
  return (
    <>
      <Listed>
        <Trans>merchants and categories</Trans>
        {at !== null && <When at={at} exact />}
      </Listed>
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
        <Card component="section" aria-label={t`The plan`}>
          <Figures
            figures={[
              [parts.length === 1 ? t`Bank` : t`Banks`, listed(parts.map(({ bank }) => bank.bank))],
              [t`Days`, `${formatDay(dates.from)} – ${formatDay(dates.to)}`],
              [
                t`Accounts and cards`,
                chosen.length > 3 ? formatCount(chosen.length) : listed(chosen.map((row) => row.display_name)),
              ],
              [t`Rows, about`, formatRange(transactions.low, transactions.high)],
              [t`Calls to the bank`, formatRange(apiCalls.low, apiCalls.high)],
              [t`Takes`, formatDurations(durationSeconds.low, durationSeconds.high)],
              [t`Costs`, <CostText key="cost" cost={cost} />],
              [t`Afterwards`, <Afterwards key="afterwards" choice={choice} />],
              [t`Kind`, choice.dry ? t`dry run: no rows are stored` : t`import`],
              [
                t`Batch size`,
                choice.batch === undefined
                  ? t`automatic`
                  : plural({ batch: choice.batch }, { one: "# row", other: "# rows" }),
              ],
              [
                t`Schedule`,
                choice.repeat
                  ? t`${{ repeat: codeWords(choice.repeat) }}, at ${{ time: choice.time ?? USUAL_TIME }}`
                  : t`none`,
              ],
            ]}
          />
        </Card>
        <Card>
          <PlanPicture parts={parts} accounts={chosen} />
        </Card>
      </SimpleGrid>
      <Title order={2} size="h4">
        <Trans>Possible problems</Trans>
      </Title>
      {problems.length === 0 && (
        <Text c="dimmed">
          <Trans>None known.</Trans>
        </Text>
      )}
      {problems.map(([code, messages]) => (
        <Alert
          key={code}
          color="yellow"
          icon={<IconInfoCircle aria-hidden />}
          title={LIMITS[code] === undefined ? code.replaceAll("_", " ") : t(LIMITS[code])}
        >
          {messages.slice(0, MOST_MESSAGES).map((message) => (
            <Text key={message} size="sm">
              {message}
            </Text>
          ))}
          {messages.length > MOST_MESSAGES && (
            <Text size="sm">
              <Trans>The same for {ph({ messages: formatCount(messages.length - MOST_MESSAGES) })} more.</Trans>
            </Text>
          )}
        </Alert>
      ))}
    </Stack>
  );
}
