import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Card, Grid, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { scheduleQueries } from "../../api/schedules";
import { PageHeader } from "../../components/PageHeader";
import { QueryState } from "../../components/QueryState";
import { StatusBadge } from "../../components/StatusBadge";
import { When } from "../../components/When";
import { listed } from "../../lib/listed";
import { NextRuns } from "./NextRuns";
import { RunTable } from "./RunTable";
import { ScheduleActions } from "./ScheduleActions";
import { LastRun, PauseReason } from "./SchedulesPage";

/** One schedule: what it does, its next runs, and its history. */
export function SchedulePage({ scheduleId }: { scheduleId: string }) {
  const schedule = useQuery(scheduleQueries.one(scheduleId));
  const preview = useQuery(scheduleQueries.nextRuns(scheduleId));
  if (schedule.data === undefined) return <QueryState query={schedule} what={t`the schedule`} />;
  const {
    name,
    bank,
    in_words,
    enabled,
    fires_at,
    incremental,
    days_back,
    account_ids,
    auto_enrich,
    enrich_time,
    time_zone,
  } = schedule.data;
  return (
    <>
      <PageHeader title={name || bank} badge={<StatusBadge status={enabled ? "active" : "paused"} />}>
        {listed([name && bank, in_words])}
      </PageHeader>
      <QueryState query={schedule} what={t`the schedule`} />
      <Stack>
        <PauseReason schedule={schedule.data} />
        <ScheduleActions schedule={schedule.data} />
        <Grid gap="lg">
          <Grid.Col span={{ base: 12, md: 5 }}>
            <Stack>
              <Card component="section" aria-label={t`What it does`}>
                <Stack gap={6}>
                  <Title order={2} size="h4">
                    <Trans>What it does</Trans>
                  </Title>
                  <Text size="sm">
                    {incremental
                      ? missingDaysWords(days_back, account_ids.length)
                      : allDaysWords(days_back, account_ids.length)}
                  </Text>
                  <Text size="sm">
                    {!auto_enrich
                      ? t`Its rows are not enriched.`
                      : enrich_time === null
                        ? t`Its rows are enriched when it ends.`
                        : t`Its rows are enriched at ${{ enrichTime: enrich_time.slice(0, 5) }}, ${{ timeZone: time_zone }}.`}
                  </Text>
                  <Text size="sm" component="div">
                    {fires_at ? (
                      <Trans>
                        Next run: <When at={fires_at} exact />
                      </Trans>
                    ) : (
                      t`Next run: none while paused`
                    )}
                  </Text>
                  <Text size="sm" component="div">
                    <Trans>
                      Last run: <LastRun schedule={schedule.data} />
                    </Trans>
                  </Text>
                </Stack>
              </Card>
              <Card component="section" aria-label={t`Preview`}>
                <Title order={2} size="h4" mb="sm">
                  <Trans>Next runs</Trans>
                </Title>
                <QueryState query={preview} what={t`next runs`} />
                {preview.data && <NextRuns preview={preview.data} />}
              </Card>
            </Stack>
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 7 }}>
            <Card component="section" aria-label={t`History`}>
              <Title order={2} size="h4" mb="sm">
                <Trans>History</Trans>
              </Title>
              <RunTable scheduleId={scheduleId} />
            </Card>
          </Grid.Col>
        </Grid>
      </Stack>
    </>
  );
}

/** What an incremental schedule imports; without accounts, every account of the bank. */
function missingDaysWords(daysBack: number, accounts: number): string {
  return accounts === 0
    ? t`Imports the missing days of the last ${daysBack} days, and the most recent days again, of every account of the bank.`
    : t`Imports the missing days of the last ${daysBack} days, and the most recent days again, of ${plural({ accounts }, { one: "# account", other: "# accounts" })}.`;
}

function allDaysWords(daysBack: number, accounts: number): string {
  return accounts === 0
    ? t`Imports all of the last ${daysBack} days, of every account of the bank.`
    : t`Imports all of the last ${daysBack} days, of ${plural({ accounts }, { one: "# account", other: "# accounts" })}.`;
}
