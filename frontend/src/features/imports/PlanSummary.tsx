import { Alert, List, Text } from "@mantine/core";
import type { ImportPlan } from "../../api/types";
import { formatDay } from "../../lib/formatDay";

type Range = { low: number; high: number };

function isRange(value: unknown): value is Range {
  return typeof value === "object" && value !== null && "low" in value && "high" in value;
}

function shown(value: unknown): string {
  return isRange(value) ? `${value.low} to ${value.high}` : "unknown";
}

/** What the import would fetch, as ranges, and what it may not reach. */
export function PlanSummary({ plan }: { plan: ImportPlan }) {
  return (
    <Alert color="blue" title={`${plan.estimated_accounts} accounts and cards`}>
      <Text>
        {formatDay(plan.date_range.from)} to {formatDay(plan.date_range.to)}: about{" "}
        {shown(plan.estimated_range.transactions)} rows in {shown(plan.estimated_range.duration_seconds)} seconds,{" "}
        {plan.api_calls} calls or more.
      </Text>
      <List mt="xs" size="sm">
        {plan.limits.map((limit, index) => (
          <List.Item key={index}>{String(limit.message)}</List.Item>
        ))}
      </List>
    </Alert>
  );
}
