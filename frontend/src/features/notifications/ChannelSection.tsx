import { Button, Card, Group, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { answered, api } from "../../api/client";
import { ErrorState } from "../../components/ErrorState";
import { LoadingState } from "../../components/LoadingState";
import { Problem } from "../../components/Problem";
import { ChannelRow } from "./ChannelRow";
import { type Kind, KindsSelect } from "./KindsSelect";
import { useChange, useChannels } from "./useNotifications";

/** Channels for people: mail, ntfy, Slack and others by their Apprise address. */
export function ChannelSection() {
  const channels = useChannels();
  const remove = useChange((id: number) =>
    answered(api.DELETE("/api/notifications/channels/{channel_id}", { params: { path: { channel_id: id } } })),
  );
  const test = useChange((id: number) =>
    answered(api.POST("/api/notifications/channels/{channel_id}/test", { params: { path: { channel_id: id } } })),
  );
  const turn = useChange(({ id, enabled }: { id: number; enabled: boolean }) =>
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
        Mail, phone and chat
      </Title>
      <Text c="dimmed" mb="sm">
        By an Apprise address, such as ntfys://ntfy.sh/my-topic or mailtos://user:password@example.org. It is kept
        encrypted and never shown again.
      </Text>
      {channels.isPending && <LoadingState what="channels" />}
      {channels.error && <ErrorState error={channels.error} onRetry={() => void channels.refetch()} />}
      <Stack gap="sm">
        {channels.data?.length === 0 && <Text>None yet.</Text>}
        {channels.data?.map((channel) => (
          <ChannelRow key={channel.id} channel={channel} test={test} remove={remove} turn={turn} />
        ))}
        <AddChannel />
      </Stack>
    </Card>
  );
}

function AddChannel() {
  const [name, setName] = useState("");
  const [kinds, setKinds] = useState<Kind[]>([]);
  const [address, setAddress] = useState("");
  const add = useChange((wanted: { name: string; address: string; kinds: Kind[] }) =>
    answered(api.POST("/api/notifications/channels", { body: { ...wanted, obeys_quiet_hours: true } })),
  );
  function submit(event: FormEvent) {
    event.preventDefault();
    add.mutate(
      { name, address, kinds },
      {
        onSuccess: () => {
          setName("");
          setKinds([]);
          setAddress("");
        },
      },
    );
  }
  return (
    <form onSubmit={submit}>
      <Group align="flex-end">
        <TextInput
          required
          label="Name of the channel"
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <PasswordInput
          required
          label="Apprise address"
          autoComplete="off"
          w={320}
          maw="100%"
          value={address}
          onChange={(event) => setAddress(event.currentTarget.value)}
        />
        <KindsSelect label="Tell of (channel)" value={kinds} onChange={setKinds} />
        <Button type="submit" variant="default" loading={add.isPending}>
          Add channel
        </Button>
      </Group>
      {add.error && <Problem error={add.error} />}
    </form>
  );
}
