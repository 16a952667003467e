import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Alert, Button, Card, Code, Group, Stack, Table, Text, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answered, api } from "../../api/client";
import { notificationQueries } from "../../api/notifications";
import { Problem } from "../../components/Problem";
import { QueryState } from "../../components/QueryState";
import { When } from "../../components/When";
import { WideTable } from "../../components/WideTable";
import { listed } from "../../lib/listed";
import { ChannelRow } from "./ChannelRow";
import { type Kind, KindsSelect } from "./KindsSelect";
import { useChange } from "./useNotifications";

function at(id: string) {
  return { params: { path: { channel_id: id } } };
}

/** Signed webhooks for programs, with their delivery log. */
export function WebhookSection() {
  const webhooks = useQuery(notificationQueries.webhooks());
  const [secret, setSecret] = useState<string | null>(null);
  const remove = useChange((id: string) => answered(api.DELETE("/api/webhooks/{channel_id}", at(id))));
  const test = useChange((id: string) => answered(api.POST("/api/webhooks/{channel_id}/test", at(id))));
  const turn = useChange(({ id, enabled }: { id: string; enabled: boolean }) =>
    answered(api.PATCH("/api/webhooks/{channel_id}", { ...at(id), body: { enabled } })),
  );
  const rotate = useChange((id: string) => answered(api.POST("/api/webhooks/{channel_id}/rotate-secret", at(id))));
  return (
    <Card component="section" aria-labelledby="webhooks">
      <Title order={2} size="h4" id="webhooks">
        <Trans>Webhooks</Trans>
      </Title>
      <Text c="dimmed" mb="sm">
        <Trans>For programs: signed as Standard Webhooks, retried for a day, and replayed on request.</Trans>
      </Text>
      <QueryState query={webhooks} what={t`webhooks`} />
      <Stack gap="sm">
        {secret && (
          <Alert
            title={t`Signing secret, shown only once`}
            withCloseButton
            closeButtonLabel={t`Hide the secret`}
            onClose={() => setSecret(null)}
          >
            <Code style={{ overflowWrap: "anywhere" }}>{secret}</Code>
          </Alert>
        )}
        {webhooks.data?.length === 0 && (
          <Text>
            <Trans>None yet.</Trans>
          </Text>
        )}
        {webhooks.data?.map((webhook) => (
          <ChannelRow key={webhook.id} channel={webhook} test={test} remove={remove} turn={turn}>
            <Group>
              <Button
                size="compact-sm"
                variant="subtle"
                onClick={() => rotate.mutate(webhook.id, { onSuccess: (made) => setSecret(made.secret) })}
              >
                <Trans>Change the secret</Trans>
              </Button>
            </Group>
            {rotate.error && <Problem error={rotate.error} />}
            <DeliveryLog webhookId={webhook.id} />
          </ChannelRow>
        ))}
        <AddWebhook onSecret={setSecret} />
      </Stack>
    </Card>
  );
}

function AddWebhook({ onSecret }: { onSecret: (secret: string) => void }) {
  const form = useForm({ initialValues: { name: "", url: "", kinds: [] as Kind[] } });
  const add = useChange((request: { name: string; url: string; kinds: Kind[] }) =>
    answered(api.POST("/api/webhooks", { body: { ...request, obeys_quiet_hours: false } })),
  );
  return (
    <form
      onSubmit={form.onSubmit((values) =>
        add.mutate(values, {
          onSuccess: (made) => {
            onSecret(made.secret);
            form.reset();
          },
        }),
      )}
    >
      <Group align="flex-end">
        <TextInput required label={t`Name of the webhook`} maxLength={100} {...form.getInputProps("name")} />
        <TextInput
          required
          type="url"
          label={t`Address`}
          placeholder={t`https://example.org/hooks`}
          w={320}
          maw="100%"
          {...form.getInputProps("url")}
        />
        <KindsSelect
          label={t`Events (webhook)`}
          value={form.values.kinds}
          onChange={(kinds) => form.setValues({ kinds })}
        />
        <Button type="submit" variant="default" loading={add.isPending}>
          <Trans>Add webhook</Trans>
        </Button>
      </Group>
      {add.error && <Problem error={add.error} />}
    </form>
  );
}

function DeliveryLog({ webhookId }: { webhookId: string }) {
  const deliveries = useQuery(notificationQueries.deliveries(webhookId));
  const replay = useChange((id: string) =>
    answered(
      api.POST("/api/webhooks/{channel_id}/deliveries/{delivery_id}/replay", {
        params: { path: { channel_id: webhookId, delivery_id: id } },
      }),
    ),
  );
  if (deliveries.data === undefined) return <QueryState query={deliveries} what={t`deliveries`} />;
  if (deliveries.data.length === 0)
    return (
      <Text size="sm">
        <Trans>No deliveries yet.</Trans>
      </Text>
    );
  return (
    <>
      {replay.error && <Problem error={replay.error} />}
      <WideTable minWidth={560}>
        <Table aria-label={t`Deliveries`}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>
                <Trans>When</Trans>
              </Table.Th>
              <Table.Th>
                <Trans>What</Trans>
              </Table.Th>
              <Table.Th>
                <Trans>State</Trans>
              </Table.Th>
              <Table.Th>
                <Trans>Last answer</Trans>
              </Table.Th>
              <Table.Th>
                <Trans>Replay</Trans>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {deliveries.data.map((delivery) => {
              const last = delivery.tries.at(-1);
              return (
                <Table.Tr key={delivery.id}>
                  <Table.Td>
                    <When at={delivery.created_at} />
                  </Table.Td>
                  <Table.Td data-label={t`What`}>{delivery.title}</Table.Td>
                  <Table.Td data-label={t`State`}>
                    {listed([
                      delivery.state,
                      delivery.tries.length > 1 && t`${{ tries: delivery.tries.length }} tries`,
                    ])}
                  </Table.Td>
                  <Table.Td data-label={t`Last answer`}>
                    {last ? (last.error ?? last.status ?? t`accepted`) : t`none yet`}
                  </Table.Td>
                  <Table.Td data-label={t`Replay`}>
                    <Button
                      size="compact-sm"
                      variant="subtle"
                      aria-label={t`Replay ${{ title: delivery.title }}`}
                      onClick={() => replay.mutate(delivery.id)}
                    >
                      <Trans>Replay</Trans>
                    </Button>
                  </Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </WideTable>
    </>
  );
}
