import { msg, ph, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Progress, Text } from "@mantine/core";
import type { Costs } from "../../api/types";
import { costInWords } from "../../lib/costInWords";
import { formatMonth } from "../../lib/dates";
import { formatCount } from "../../lib/formatCount";
import { formatMoney } from "../../lib/formatMoney";
import { Figure, RowsLink } from "./Figure";

/** The forecast for this month, and the used part of the cap on enrichment. */
export function MonthFigure({ month }: { month: Costs["month"] }) {
  return (
    <Figure
      label={t`${{ month: formatMonth(month.month) }} will come to`}
      value={costInWords(month.projected)}
      hint={
        <>
          <Text size="sm">
            <Trans>
              {ph({ spent: costInWords(month.spent) })} so far; {ph({ how: month.how })}.
            </Trans>
          </Text>
          {month.cap ? (
            <Cap cap={month.cap} />
          ) : (
            <Text size="sm">
              <Trans>Enrichment has no monthly cap.</Trans>
            </Text>
          )}
        </>
      }
      rows={month.spent.rows}
    />
  );
}

const STATES = {
  free: msg`All users of this installation share the cap, which is not near.`,
  near: msg`All users of this installation share the cap, which is almost used up.`,
  reached: msg`All users of this installation share the cap, which is used up.`,
};

/** The user's part of the cap. Of other users' costs it reveals only how near the shared cap is. */
function Cap({ cap }: { cap: NonNullable<Costs["month"]["cap"]> }) {
  const used = `${formatCount(cap.yours_percent)} %`;
  return (
    <>
      <Text size="sm" mt={4}>
        <Trans>
          Your enrichment used{" "}
          <RowsLink rows={cap.rows} isInText>
            {ph({ yours: formatMoney(cap.yours, cap.currency) })}
          </RowsLink>{" "}
          ({used}) of the cap of {ph({ amount: formatMoney(cap.amount, cap.currency) })}. Enrichment stops before it
          exceeds the cap.
        </Trans>
      </Text>
      {cap.is_shared && <Text size="sm">{t(STATES[cap.state])}</Text>}
      <Progress
        mt={6}
        value={Math.min(100, cap.yours_percent)}
        color={cap.state === "free" ? "indigo" : "orange"}
        aria-label={t`Used of the cap: ${used}`}
      />
    </>
  );
}
