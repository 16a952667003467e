import { Button, Card, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { answered, api } from "../../api/client";
import { ErrorState } from "../../components/ErrorState";
import { LoadingState } from "../../components/LoadingState";
import { Problem } from "../../components/Problem";
import { type QuietHours, useChange, useQuietHours } from "./useNotifications";

/** When channels are silent. */
export function QuietHoursSection() {
  const chosen = useQuietHours();
  return (
    <Card component="section" aria-labelledby="quiet">
      <Title order={2} size="h4" id="quiet">
        Quiet hours
      </Title>
      <Text c="dimmed" mb="sm">
        What happens meanwhile comes as one message when they end.
      </Text>
      {chosen.isPending && <LoadingState what="quiet hours" />}
      {chosen.error && <ErrorState error={chosen.error} onRetry={() => void chosen.refetch()} />}
      {chosen.data && <QuietHoursForm key={JSON.stringify(chosen.data)} chosen={chosen.data} />}
    </Card>
  );
}

function QuietHoursForm({ chosen }: { chosen: QuietHours }) {
  const [from, setFrom] = useState(chosen.quiet_from?.slice(0, 5) ?? "");
  const [to, setTo] = useState(chosen.quiet_to?.slice(0, 5) ?? "");
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const [zone, setZone] = useState(chosen.quiet_from ? (chosen.time_zone ?? here) : here);
  const save = useChange((wanted: QuietHours) => answered(api.PUT("/api/notifications/quiet-hours", { body: wanted })));
  function submit(event: FormEvent) {
    event.preventDefault();
    save.mutate({ quiet_from: from || null, quiet_to: to || null, time_zone: zone });
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Group align="flex-end">
          <TextInput
            type="time"
            label="They begin"
            value={from}
            onChange={(event) => setFrom(event.currentTarget.value)}
          />
          <TextInput type="time" label="They end" value={to} onChange={(event) => setTo(event.currentTarget.value)} />
          <TextInput label="Time zone" value={zone} onChange={(event) => setZone(event.currentTarget.value)} />
        </Group>
        {save.error && <Problem error={save.error} />}
        <Group>
          <Button type="submit" loading={save.isPending}>
            Save
          </Button>
          <Button
            variant="default"
            disabled={chosen.quiet_from === null}
            onClick={() => save.mutate({ quiet_from: null, quiet_to: null, time_zone: zone })}
          >
            No quiet hours
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
