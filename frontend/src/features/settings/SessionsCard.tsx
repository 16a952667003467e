import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Badge, Card, Group, Stack, Table, Text, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import { securityQueries } from "../../api/security";
import { ConfirmButton } from "../../components/ConfirmButton";
import { QueryState } from "../../components/QueryState";
import { When } from "../../components/When";

/** The browsers in which the user is signed in. */
export function SessionsCard() {
  const sessions = useQuery(securityQueries.sessions());
  const client = useQueryClient();
  const refreshed = { onSuccess: () => client.invalidateQueries({ queryKey: securityQueries.all }) };
  const end = useMutation({
    mutationFn: (id: string) =>
      answered(api.DELETE("/api/auth/sessions/{session_id}", { params: { path: { session_id: id } } })),
    ...refreshed,
  });
  const endOthers = useMutation({ mutationFn: () => answered(api.DELETE("/api/auth/sessions")), ...refreshed });
  const failed = sessions.data?.failed_sign_ins ?? 0;
  return (
    <Card component="section" aria-labelledby="security-sessions">
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2} size="h4" id="security-sessions">
            <Trans>Signed-in browsers</Trans>
          </Title>
          {sessions.data && sessions.data.sessions.length > 1 && (
            <ConfirmButton
              label={t`Sign out all others`}
              size="compact-sm"
              variant="default"
              title={t`Sign out all other browsers?`}
              confirm={t`Sign them out`}
              error={endOthers.error}
              isPending={endOthers.isPending}
              onConfirm={(close) => endOthers.mutate(undefined, { onSuccess: close })}
            >
              <Trans>This browser stays signed in. Tokens of programs stay valid.</Trans>
            </ConfirmButton>
          )}
        </Group>
        <QueryState query={sessions} what={t`signed-in browsers`} />
        {failed > 0 && (
          <Text size="sm">
            <Plural
              value={failed}
              _1="One sign-in as you failed in the last 30 days. If that was not you, set up a second factor."
              other="# sign-ins as you failed in the last 30 days. If that was not you, set up a second factor."
            />
          </Text>
        )}
        {sessions.data && (
          <Table.ScrollContainer minWidth={280}>
            <Table aria-label={t`Signed-in browsers`}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>
                    <Trans>Browser</Trans>
                  </Table.Th>
                  <Table.Th visibleFrom="sm">
                    <Trans>Address</Trans>
                  </Table.Th>
                  <Table.Th>
                    <Trans>Last used</Trans>
                  </Table.Th>
                  <Table.Th aria-label={t`Actions`} />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {sessions.data.sessions.map((session) => (
                  <Table.Tr key={session.id}>
                    <Table.Td>{session.device ?? t`Unknown browser`}</Table.Td>
                    <Table.Td visibleFrom="sm">{session.address ?? t`unknown`}</Table.Td>
                    <Table.Td>
                      <When at={session.last_seen_at} />
                    </Table.Td>
                    <Table.Td ta="right">
                      {session.is_current ? (
                        <Badge variant="light" miw="max-content">
                          <Trans>this browser</Trans>
                        </Badge>
                      ) : (
                        <ConfirmButton
                          label={t`Sign out`}
                          size="compact-sm"
                          variant="default"
                          aria-label={t`Sign out ${{ device: session.device ?? t`the unknown browser` }}`}
                          title={t`Sign this browser out?`}
                          confirm={t`Sign it out`}
                          error={end.error}
                          isPending={end.isPending}
                          onConfirm={(close) => end.mutate(session.id, { onSuccess: close })}
                        >
                          <Trans>Its next request is refused.</Trans>
                        </ConfirmButton>
                      )}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </Stack>
    </Card>
  );
}
