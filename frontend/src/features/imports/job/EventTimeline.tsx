import { ph, t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Text, Timeline } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { importQueries } from "../../../api/imports";
import type { ImportEvent, ImportStatus } from "../../../api/types";
import { EmptyState } from "../../../components/EmptyState";
import { Listed } from "../../../components/Listed";
import { QueryState } from "../../../components/QueryState";
import { When } from "../../../components/When";
import { formatDuration } from "../../../lib/formatDuration";
import { labelled } from "../../../lib/listed";
import { wordsOf } from "./eventWords";
import classes from "./job.module.css";
import { type Stage, secondsOf, stagesOf } from "./stagesOf";

/** What happened to a job, newest first: one entry for each attempt of an account, which unfolds into its events. */
export function EventTimeline({ job }: { job: ImportStatus }) {
  const events = useQuery(importQueries.events(job.job_id, job.last_event_id));
  const names = new Map(job.accounts.map((account) => [account.account_id, account.display_name]));
  if (events.data === undefined) return <QueryState query={events} what={t`events`} />;
  if (events.data.length === 0) return <EmptyState title={t`No events yet`} />;
  return (
    <Timeline active={-1} bulletSize={12} lineWidth={2}>
      {stagesOf(events.data.toReversed())
        .toReversed()
        .map((stage) => (
          <Timeline.Item key={stage.events[0].event_id} title={titleOf(stage, names)}>
            <StageDetails stage={stage} />
          </Timeline.Item>
        ))}
    </Timeline>
  );
}

function titleOf({ accountId, events }: Stage, names: Map<string, string>): string {
  const words = wordsOf(events[events.length - 1] ?? events[0]);
  return accountId === null ? words : labelled(names.get(accountId) ?? t`An account`, words);
}

function StageDetails({ stage }: { stage: Stage }) {
  const seconds = secondsOf(stage);
  const [first] = stage.events;
  if (seconds === null) return <EventLine event={first} />;
  return (
    <details>
      <summary className={classes.summary}>
        {stage.isOver ? (
          <Trans>
            <Plural value={{ events: stage.events.length }} one="# event" other="# events" /> in{" "}
            {ph({ seconds: formatDuration(seconds) })}, begun <When at={first.created_at} />
          </Trans>
        ) : (
          <Trans>
            so far <Plural value={{ events: stage.events.length }} one="# event" other="# events" /> in{" "}
            {ph({ seconds: formatDuration(seconds) })}, begun <When at={first.created_at} />
          </Trans>
        )}
      </summary>
      <ol className={classes.events}>
        {stage.events.map((event) => (
          <li key={event.event_id}>
            {wordsOf(event)}
            <EventLine event={event} since={first} />
          </li>
        ))}
      </ol>
    </details>
  );
}

/** When an event happened: since the stage's first one, or relative to now. */
function EventLine({ event, since }: { event: ImportEvent; since?: ImportEvent }) {
  const after = since ? (Date.parse(event.created_at) - Date.parse(since.created_at)) / 1_000 : 0;
  return (
    <Text size="sm" c="dimmed">
      <Listed>
        {after > 0 ? t`after ${{ after: formatDuration(after) }}` : <When at={event.created_at} />}
        {t`event ${{ eventId: event.event_id }}`}
      </Listed>
    </Text>
  );
}
