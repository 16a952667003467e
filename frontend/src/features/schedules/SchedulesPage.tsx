import { ph, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Alert, Button, Card, Group, Stack, Text, Title } from "@mantine/core";
import { IconCalendarRepeat, IconPlayerPause } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { scheduleQueries } from "../../api/schedules";
import type { Schedule } from "../../api/types";
import { EmptyState } from "../../components/EmptyState";
import { PageHeader } from "../../components/PageHeader";
import { QueryState } from "../../components/QueryState";
import { StatusBadge } from "../../components/StatusBadge";
import { TextLink } from "../../components/TextLink";
import { When } from "../../components/When";
import { listed } from "../../lib/listed";
import { ScheduleActions } from "./ScheduleActions";

/** All schedules: when each runs next, how the last run went, and what can be done. */
export function SchedulesPage() {
  const schedules = useQuery(scheduleQueries.list());
  const add = (
    <Button component={Link} to="/schedules/new">
      <Trans>New schedule</Trans>
    </Button>
  );
  return (
    <>
      <PageHeader title={t`Schedules`} actions={schedules.data?.length ? add : undefined}>
        <Trans>Imports that repeat automatically.</Trans>
      </PageHeader>
      <QueryState query={schedules} what={t`schedules`} />
      {schedules.data?.length === 0 && (
        <EmptyState title={t`No schedules yet`} icon={IconCalendarRepeat} action={add}>
          <Trans>
            A schedule imports new transactions every night, week or month, and notifies you when a consent is about to
            end.
          </Trans>
        </EmptyState>
      )}
      <Stack>
        {schedules.data?.map((schedule) => (
          <ScheduleCard key={schedule.id} schedule={schedule} />
        ))}
      </Stack>
    </>
  );
}

function ScheduleCard({ schedule }: { schedule: Schedule }) {
  return (
    <Card component="article" aria-label={schedule.name || schedule.in_words}>
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start">
          <div>
            <Title order={2} size="h4">
              <TextLink inherit to="/schedules/$scheduleId" params={{ scheduleId: schedule.id }}>
                {schedule.name || schedule.bank}
              </TextLink>
            </Title>
            <Text c="dimmed" size="sm">
              {listed([schedule.name && schedule.bank, schedule.in_words])}
            </Text>
          </div>
          {schedule.enabled ? <StatusBadge status="active" /> : <StatusBadge status="paused" />}
        </Group>
        <PauseReason schedule={schedule} />
        <Group gap="lg">
          <Text size="sm" component="div">
            {schedule.fires_at ? (
              <Trans>
                Next run: <When at={schedule.fires_at} />
              </Trans>
            ) : (
              t`Next run: none while paused`
            )}
          </Text>
          <Text size="sm" component="div">
            <Trans>
              Last run: <LastRun schedule={schedule} />
            </Trans>
          </Text>
        </Group>
        <ScheduleActions schedule={schedule} />
      </Stack>
    </Card>
  );
}

/** The reason why a schedule is paused. */
export function PauseReason({ schedule }: { schedule: Schedule }) {
  if (schedule.enabled || !schedule.pause_reason) return null;
  const isOurs = schedule.paused_by !== "user";
  return (
    <Alert color={isOurs ? "orange" : "gray"} icon={<IconPlayerPause aria-hidden />} role="status">
      {schedule.pause_reason}
    </Alert>
  );
}

/** A schedule's last run, its result and a link to its import. */
export function LastRun({ schedule }: { schedule: Schedule }) {
  if (schedule.last_run === null || schedule.last_status === null)
    return (
      <>
        <Trans>never</Trans>
      </>
    );
  return (
    <Group component="span" gap={6} display="inline-flex">
      <When at={schedule.last_run} />
      <StatusBadge status={schedule.last_status} />
      {schedule.last_job_id !== null && (
        <TextLink inherit underline="always" to="/imports/$jobId" params={{ jobId: schedule.last_job_id }}>
          <Trans>import {ph({ lastJobId: schedule.last_job_id })}</Trans>
        </TextLink>
      )}
    </Group>
  );
}
