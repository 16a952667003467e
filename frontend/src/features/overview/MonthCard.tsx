import { Card, Text, Title } from "@mantine/core";
import type { Overview } from "../../api/types";
import { TextLink } from "../../components/TextLink";
import { costInWords } from "../../lib/costInWords";

/** What this month cost so far, and its forecast. */
export function MonthCard({ month }: { month: Overview["month"] }) {
  return (
    <Card component="section" aria-label="Costs this month">
      <Title order={2} size="h4" mb="xs">
        Costs this month
      </Title>
      <Text fz={24} fw={650} lh={1.3}>
        {costInWords(month.spent)}
      </Text>
      <Text size="sm" c="dimmed">
        {month.spent.unknown.length > 0
          ? "A price is not set, so the sum is not known in full."
          : `Expected by the end of the month: ${costInWords(month.projected)}.`}{" "}
        <TextLink inherit underline="always" to="/costs">
          See the costs
        </TextLink>
      </Text>
    </Card>
  );
}
