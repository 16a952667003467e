import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Card, Stack, Text, Title } from "@mantine/core";
import type { Overview } from "../../api/types";
import { TextLink } from "../../components/TextLink";
import { When } from "../../components/When";

/** When schedules run next. */
export function NextRuns({ runs }: { runs: Overview["next_runs"] }) {
  return (
    <Card component="section" aria-label={t`Next runs`}>
      <Title order={2} size="h4" mb="xs">
        <Trans>Next runs</Trans>
      </Title>
      {runs.length === 0 && (
        <Text c="dimmed">
          <Trans>
            Nothing is scheduled.{" "}
            <TextLink inherit underline="always" to="/schedules/new">
              Keep your banks up to date by a schedule
            </TextLink>
          </Trans>
        </Text>
      )}
      <Stack gap="xs">
        {runs.map((run) => (
          <div key={run.schedule_id}>
            <TextLink to="/schedules/$scheduleId" params={{ scheduleId: run.schedule_id }}>
              {run.name}
            </TextLink>
            <Text size="sm" c="dimmed">
              {run.bank}, <When at={run.at} />
            </Text>
          </div>
        ))}
      </Stack>
    </Card>
  );
}
