import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Card, Text, Title } from "@mantine/core";
import type { Overview } from "../../api/types";
import { TextLink } from "../../components/TextLink";
import { costInWords } from "../../lib/costInWords";

/** What this month cost so far, and its forecast. */
export function MonthCard({ month }: { month: Overview["month"] }) {
  return (
    <Card component="section" aria-label={t`Costs this month`}>
      <Title order={2} size="h4" mb="xs">
        <Trans>Costs this month</Trans>
      </Title>
      <Text fz={24} fw={650} lh={1.3}>
        {costInWords(month.spent)}
      </Text>
      <Text size="sm" c="dimmed">
        {month.spent.unknown.length > 0
          ? t`A price is not set, so the sum is not known in full.`
          : t`Expected by the end of the month: ${{ projected: costInWords(month.projected) }}.`}{" "}
        <TextLink inherit underline="always" to="/costs">
          <Trans>See the costs</Trans>
        </TextLink>
      </Text>
    </Card>
  );
}
