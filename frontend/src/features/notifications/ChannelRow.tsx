import { ph, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Alert, Badge, Button, Group, Paper, Stack, Text } from "@mantine/core";
import type { UseMutationResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ConfirmButton } from "../../components/ConfirmButton";
import { Problem } from "../../components/Problem";
import { When } from "../../components/When";
import { listed } from "../../lib/listed";
import type { Channel, Delivery } from "./useNotifications";

type Props = {
  channel: Channel;
  test: UseMutationResult<Delivery, Error, string>;
  remove: UseMutationResult<unknown, Error, string>;
  turn: UseMutationResult<unknown, Error, { id: string; enabled: boolean }>;
  children?: ReactNode;
};

/** One channel or webhook: its state and its actions. */
export function ChannelRow({ channel, test, remove, turn, children }: Props) {
  const isTested = test.variables === channel.id;
  const tried = isTested ? test.data?.tries.at(-1) : undefined;
  return (
    <Paper withBorder p="sm" component="article" aria-label={channel.name}>
      <Stack gap="xs">
        <Group justify="space-between">
          <div>
            <Group gap="xs">
              <Text fw={600}>{channel.name}</Text>
              {!channel.enabled && (
                <Badge color="gray">
                  <Trans>off</Trans>
                </Badge>
              )}
              {channel.enabled && channel.failing_since && (
                <Badge color="red">
                  <Trans>failing</Trans>
                </Badge>
              )}
            </Group>
            <Text size="sm" c="dimmed">
              {channel.shown_as} · {listed(channel.kinds) || t`everything`}
            </Text>
          </div>
          <Group gap="xs">
            <Button
              size="compact-sm"
              variant="default"
              disabled={!channel.enabled}
              loading={isTested && test.isPending}
              onClick={() => test.mutate(channel.id)}
            >
              <Trans>Send a test</Trans>
            </Button>
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => turn.mutate({ id: channel.id, enabled: !channel.enabled })}
            >
              {channel.enabled ? t`Switch off` : t`Switch on`}
            </Button>
            <ConfirmButton
              size="compact-sm"
              variant="default"
              label={t`Remove`}
              title={t`Remove ${{ channel: channel.name }}?`}
              confirm={t`Remove it`}
              error={remove.error}
              isPending={remove.isPending}
              onConfirm={(close) => remove.mutate(channel.id, { onSuccess: close })}
            >
              <Text>
                <Trans>Nothing will be sent there any more, and its delivery log will be deleted.</Trans>
              </Text>
            </ConfirmButton>
          </Group>
        </Group>
        {channel.disabled_reason && (
          <Text size="sm">
            <Trans>Off: {ph({ disabledReason: channel.disabled_reason })}.</Trans>
          </Text>
        )}
        {channel.failing_since && (
          <Text size="sm">
            <Trans>
              Failing since <When at={channel.failing_since} />; each message is retried for a day.
            </Trans>
          </Text>
        )}
        {isTested && test.error && <Problem error={test.error} />}
        {tried && (
          <Alert color={tried.error ? "red" : "green"} role="status">
            {tried.error ? t`The test failed: ${{ error: tried.error }}.` : t`The test arrived.`}
          </Alert>
        )}
        {children}
      </Stack>
    </Paper>
  );
}
