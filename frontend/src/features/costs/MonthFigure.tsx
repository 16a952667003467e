import { Progress, Text } from "@mantine/core";
import type { Costs } from "../../api/types";
import { formatMoney } from "../../lib/formatMoney";
import { costInWords } from "./costInWords";
import { Figure, RowsLink } from "./Figure";

const NEARLY = 80;

/** What this month will come to, and how much of the cap on enrichment is used. */
export function MonthFigure({ month }: { month: Costs["month"] }) {
  const rows = month.spent.parts[0]?.rows;
  return (
    <Figure
      label={`${monthName(month.month)} will come to`}
      value={costInWords(month.projected)}
      hint={
        <>
          <Text size="sm">
            {costInWords(month.spent)} so far; {month.how}.
          </Text>
          {month.cap ? <Cap cap={month.cap} /> : <Text size="sm">Enrichment has no cap a month.</Text>}
        </>
      }
      {...(rows ? { rows } : {})}
    />
  );
}

function Cap({ cap }: { cap: NonNullable<Costs["month"]["cap"]> }) {
  const used = `${cap.used_percent.toLocaleString()} %`;
  return (
    <>
      <Text size="sm" mt={4}>
        Enrichment used {formatMoney(cap.used, cap.currency)} ({used}) of its cap of {formatMoney(cap.amount, cap.currency)};{" "}
        <RowsLink rows={cap.rows} isInText>
          {formatMoney(cap.yours, cap.currency)} of that yours
        </RowsLink>
        . It stops before it would pass it.
      </Text>
      <Progress
        mt={6}
        value={Math.min(100, cap.used_percent)}
        color={cap.used_percent >= NEARLY ? "orange" : "indigo"}
        aria-label={`Used of the cap: ${used}`}
      />
    </>
  );
}

function monthName(month: string): string {
  return new Date(`${month}-01T00:00:00Z`).toLocaleDateString(undefined, {
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  });
}
