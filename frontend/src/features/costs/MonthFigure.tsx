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
      label={`${formatMonth(month.month)} will come to`}
      value={costInWords(month.projected)}
      hint={
        <>
          <Text size="sm">
            {costInWords(month.spent)} so far; {month.how}.
          </Text>
          {month.cap ? <Cap cap={month.cap} /> : <Text size="sm">Enrichment has no monthly cap.</Text>}
        </>
      }
      rows={month.spent.rows}
    />
  );
}

const STATES = {
  free: "is not near",
  near: "is almost used up",
  reached: "is used up",
};

/** The user's part of the cap. Of other users' costs it reveals only how near the shared cap is. */
function Cap({ cap }: { cap: NonNullable<Costs["month"]["cap"]> }) {
  const used = `${formatCount(cap.yours_percent)} %`;
  return (
    <>
      <Text size="sm" mt={4}>
        Your enrichment used{" "}
        <RowsLink rows={cap.rows} isInText>
          {formatMoney(cap.yours, cap.currency)}
        </RowsLink>{" "}
        ({used}) of the cap of {formatMoney(cap.amount, cap.currency)}. Enrichment stops before it exceeds the cap.
      </Text>
      {cap.is_shared && <Text size="sm">All users of this installation share the cap, which {STATES[cap.state]}.</Text>}
      <Progress
        mt={6}
        value={Math.min(100, cap.yours_percent)}
        color={cap.state === "free" ? "indigo" : "orange"}
        aria-label={`Used of the cap: ${used}`}
      />
    </>
  );
}
