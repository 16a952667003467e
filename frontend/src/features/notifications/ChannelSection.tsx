import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button, Card, Group, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import { notificationQueries } from "../../api/notifications";
import { Problem } from "../../components/Problem";
import { QueryState } from "../../components/QueryState";
import { ChannelRow } from "./ChannelRow";
import { type Kind, KindsSelect } from "./KindsSelect";
import { useChange } from "./useNotifications";

/** Channels for people: mail, ntfy, Slack and others by their Apprise address. */
export function ChannelSection() {
  const channels = useQuery(notificationQueries.channels());
  const remove = useChange((id: string) =>
    answered(api.DELETE("/api/notifications/channels/{channel_id}", { params: { path: { channel_id: id } } })),
  );
  const test = useChange((id: string) =>
    answered(api.POST("/api/notifications/channels/{channel_id}/test", { params: { path: { channel_id: id } } })),
  );
  const turn = useChange(({ id, enabled }: { id: string; enabled: boolean }) =>
    answered(
      api.PATCH("/api/notifications/channels/{channel_id}", {
        params: { path: { channel_id: id } },
        body: { enabled },
      }),
    ),
  );
  return (
    <Card component="section" aria-labelledby="channels">
      <Title order={2} size="h4" id="channels">
        <Trans>Mail, phone and chat</Trans>
      </Title>
      <Text c="dimmed" mb="sm">
        <Trans>
          By an Apprise address, such as ntfys://ntfy.sh/my-topic or mailtos://user:password@example.org. It is stored
          encrypted and never shown again.
        </Trans>
      </Text>
      <QueryState query={channels} what={t`channels`} />
      <Stack gap="sm">
        {channels.data?.length === 0 && (
          <Text>
            <Trans>None yet.</Trans>
          </Text>
        )}
        {channels.data?.map((channel) => (
          <ChannelRow key={channel.id} channel={channel} test={test} remove={remove} turn={turn} />
        ))}
        <AddChannel />
      </Stack>
    </Card>
  );
}

function AddChannel() {
  const form = useForm({ initialValues: { name: "", address: "", kinds: [] as Kind[] } });
  const add = useChange((request: { name: string; address: string; kinds: Kind[] }) =>
    answered(api.POST("/api/notifications/channels", { body: { ...request, obeys_quiet_hours: true } })),
  );
  return (
    <form onSubmit={form.onSubmit((values) => add.mutate(values, { onSuccess: form.reset }))}>
      <Group align="flex-end">
        <TextInput required label={t`Name of the channel`} maxLength={100} {...form.getInputProps("name")} />
        <PasswordInput
          required
          label={t`Apprise address`}
          autoComplete="off"
          w={320}
          maw="100%"
          {...form.getInputProps("address")}
        />
        <KindsSelect
          label={t`Events (channel)`}
          value={form.values.kinds}
          onChange={(kinds) => form.setValues({ kinds })}
        />
        <Button type="submit" variant="default" loading={add.isPending}>
          <Trans>Add channel</Trans>
        </Button>
      </Group>
      {add.error && <Problem error={add.error} />}
    </form>
  );
}
