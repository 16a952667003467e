import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Alert, Badge, Card, Group, Stack, Table, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import type { components } from "../../api/schema.gen";
import { userQueries } from "../../api/users";
import { ConfirmButton } from "../../components/ConfirmButton";
import { CopyText } from "../../components/CopyText";
import { Problem } from "../../components/Problem";
import { QueryState } from "../../components/QueryState";
import { When } from "../../components/When";
import { InviteForm } from "./InviteForm";
import { RoleSelect } from "./RoleSelect";
import { sayErased } from "./sayErased";

type User = components["schemas"]["ManagedUser"];

/** Invite, disable and delete users, and change what they may do. */
export function Users({ myId }: { myId: string }) {
  const isNarrow = useMediaQuery("(max-width: 48em)", undefined, { getInitialValueInEffect: false });
  const users = useQuery(userQueries.list());
  const client = useQueryClient();
  const refreshed = { onSuccess: () => client.invalidateQueries({ queryKey: userQueries.all }) };
  const invite = useMutation({
    mutationFn: (body: { email: string; role: User["role"] }) => answered(api.POST("/api/users", { body })),
    ...refreshed,
  });
  const disable = useMutation({
    mutationFn: ({ id, is_disabled }: { id: string; is_disabled: boolean }) =>
      answered(api.PATCH("/api/users/{user_id}", { params: { path: { user_id: id } }, body: { is_disabled } })),
    ...refreshed,
  });
  const changeRole = useMutation({
    mutationFn: ({ id, role }: { id: string; role: User["role"] }) =>
      answered(api.PATCH("/api/users/{user_id}", { params: { path: { user_id: id } }, body: { role } })),
    ...refreshed,
  });
  const remove = useMutation({
    mutationFn: (id: string) => answered(api.DELETE("/api/users/{user_id}", { params: { path: { user_id: id } } })),
    onSuccess: (erased) => {
      sayErased(erased);
      return client.invalidateQueries({ queryKey: userQueries.all });
    },
  });
  const roleOf = (user: User) => (
    <RoleSelect
      aria-label={t`What ${{ email: user.email }} may do`}
      value={user.role}
      onChange={(role) => changeRole.mutate({ id: user.id, role })}
    />
  );
  return (
    <Stack>
      <Card component="section" aria-label={t`Invite a user`}>
        <InviteForm
          isPending={invite.isPending}
          onInvite={(wanted, done) => invite.mutate(wanted, { onSuccess: done })}
        />
        {invite.error && <Problem error={invite.error} title={t`The invitation failed`} />}
        {invite.data && (
          <Alert color="green" title={t`Send this link to ${{ email: invite.data.email }}`} role="status" mt="md">
            <Text size="sm" mb="xs">
              <Trans>It signs in once, within half an hour. It is shown only now.</Trans>
            </Text>
            <CopyText value={invite.data.sign_in_link} what={t`the link`} />
          </Alert>
        )}
      </Card>
      <QueryState query={users} what={t`users`} />
      {changeRole.error && <Problem error={changeRole.error} title={t`The change failed`} />}
      {users.data && (
        <Table.ScrollContainer minWidth={300}>
          <Table aria-label={t`Users`}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>
                  <Trans>User</Trans>
                </Table.Th>
                {!isNarrow && (
                  <Table.Th>
                    <Trans>May</Trans>
                  </Table.Th>
                )}
                <Table.Th visibleFrom="sm">
                  <Trans>Last seen</Trans>
                </Table.Th>
                <Table.Th aria-label={t`Actions`} />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {users.data.map((user) => (
                <Table.Tr key={user.id}>
                  <Table.Td style={{ overflowWrap: "anywhere" }}>
                    {user.email}{" "}
                    {user.id === myId && (
                      <Badge variant="light">
                        <Trans>you</Trans>
                      </Badge>
                    )}{" "}
                    {user.disabled_at && (
                      <Badge color="gray">
                        <Trans>disabled</Trans>
                      </Badge>
                    )}
                    <Text size="xs" c="dimmed" hiddenFrom="sm" mb={4}>
                      <LastSeen at={user.last_seen_at} />
                    </Text>
                    {isNarrow && roleOf(user)}
                  </Table.Td>
                  {!isNarrow && <Table.Td>{roleOf(user)}</Table.Td>}
                  <Table.Td visibleFrom="sm">
                    <LastSeen at={user.last_seen_at} />
                  </Table.Td>
                  <Table.Td>
                    <Group gap="xs" justify="flex-end">
                      <ConfirmButton
                        label={user.disabled_at ? t`Enable` : t`Disable`}
                        size="compact-sm"
                        variant="default"
                        aria-label={
                          user.disabled_at ? t`Enable ${{ email: user.email }}` : t`Disable ${{ email: user.email }}`
                        }
                        title={
                          user.disabled_at ? t`Enable ${{ email: user.email }}?` : t`Disable ${{ email: user.email }}?`
                        }
                        confirm={user.disabled_at ? t`Enable` : t`Disable`}
                        error={disable.error}
                        isPending={disable.isPending}
                        onConfirm={(close) =>
                          disable.mutate({ id: user.id, is_disabled: !user.disabled_at }, { onSuccess: close })
                        }
                      >
                        {user.disabled_at
                          ? t`They can sign in again.`
                          : t`They are signed out and cannot sign in. Their rows stay, and their schedules keep running.`}
                      </ConfirmButton>
                      <ConfirmButton
                        label={t`Delete`}
                        size="compact-sm"
                        variant="default"
                        aria-label={t`Delete ${{ email: user.email }}`}
                        title={t`Delete ${{ email: user.email }}?`}
                        confirm={t`Delete all their data`}
                        error={remove.error}
                        isPending={remove.isPending}
                        onConfirm={(close) => remove.mutate(user.id, { onSuccess: close })}
                      >
                        <Trans>
                          Their consents are ended at TrueLayer. All their banks, rows and imports are deleted and
                          cannot be restored.
                        </Trans>
                      </ConfirmButton>
                    </Group>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Stack>
  );
}

function LastSeen({ at }: { at: string | null | undefined }) {
  return at ? <When at={at} /> : t`not signed in`;
}
