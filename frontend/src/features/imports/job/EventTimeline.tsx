import { Text, Timeline } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { importQueries } from "../../../api/imports";
import type { ImportStatus } from "../../../api/types";
import { EmptyState } from "../../../components/EmptyState";
import { QueryState } from "../../../components/QueryState";
import { When } from "../../../components/When";
import { wordsOf } from "./eventWords";

/** What happened to a job, newest first. */
export function EventTimeline({ job }: { job: ImportStatus }) {
  const events = useQuery(importQueries.events(job.job_id, job.last_event_id));
  const names = new Map(job.accounts.map((account) => [account.account_id, account.display_name]));
  if (events.data === undefined) return <QueryState query={events} what="events" />;
  if (events.data.length === 0) return <EmptyState title="No events yet" />;
  return (
    <Timeline active={-1} bulletSize={12} lineWidth={2}>
      {events.data.map((event) => (
        <Timeline.Item key={event.event_id} title={wordsOf(event)}>
          <Text size="sm" c="dimmed">
            <When at={event.created_at} />
            {event.account_id && `, ${names.get(event.account_id) ?? "an account"}`}, event {event.event_id}
          </Text>
        </Timeline.Item>
      ))}
    </Timeline>
  );
}
