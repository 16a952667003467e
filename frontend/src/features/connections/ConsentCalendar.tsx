import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { ActionIcon, Button, Card, CopyButton, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answered, api } from "../../api/client";
import { connectionQueries } from "../../api/connections";
import { ConfirmButton } from "../../components/ConfirmButton";
import { QueryState } from "../../components/QueryState";

/** The secret address of a calendar of consents; shown on request. */
export function ConsentCalendar() {
  const [isShown, setShown] = useState(false);
  const client = useQueryClient();
  const calendar = useQuery({ ...connectionQueries.calendar(), enabled: isShown });
  const renew = useMutation({
    mutationFn: () => answered(api.POST("/api/truelayer/connections/calendar/renew")),
    onSuccess: (renewed) => client.setQueryData(connectionQueries.calendar().queryKey, renewed),
  });
  return (
    <Card component="section" aria-label={t`Calendar of consents`}>
      <Stack gap="xs">
        <Title order={2} size="h4">
          <Trans>Consent reminders in your calendar</Trans>
        </Title>
        <Text size="sm" c="dimmed">
          <Trans>
            Subscribe in your calendar to see when consents end, with reminders 14, 7, 3 and 1 days before. You are also
            warned here.
          </Trans>
        </Text>
        {isShown && <QueryState query={calendar} what={t`the address`} lines={1} />}
        {calendar.data && (
          <Group align="flex-end">
            <TextInput
              label={t`Address of the calendar`}
              description={t`Anyone with this address can see when your consents end`}
              value={calendar.data.url}
              readOnly
              style={{ flex: 1, minWidth: 240 }}
              onFocus={(event) => event.currentTarget.select()}
              rightSection={
                <CopyButton value={calendar.data.url}>
                  {({ copied, copy }) => (
                    <ActionIcon variant="subtle" onClick={copy} aria-label={copied ? t`Copied` : t`Copy the address`}>
                      {copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
                    </ActionIcon>
                  )}
                </CopyButton>
              }
            />
            <ConfirmButton
              variant="default"
              label={t`New address`}
              title={t`Create a new calendar address?`}
              confirm={t`New address`}
              error={renew.error}
              isPending={renew.isPending}
              onConfirm={(close) => renew.mutate(undefined, { onSuccess: close })}
            >
              <Trans>The old address stops working at once. Calendars that use it will be empty.</Trans>
            </ConfirmButton>
          </Group>
        )}
        {!isShown && (
          <div>
            <Button variant="default" onClick={() => setShown(true)}>
              <Trans>Show the address</Trans>
            </Button>
          </div>
        )}
      </Stack>
    </Card>
  );
}
