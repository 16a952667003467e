import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Badge, Card, Group, Stack, Table, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answered, api } from "../../api/client";
import { addPasskey, hasPasskeys } from "../../api/passkeys";
import { securityQueries } from "../../api/security";
import { ConfirmButton } from "../../components/ConfirmButton";
import { FormDialog } from "../../components/FormDialog";
import { QueryState } from "../../components/QueryState";
import { When } from "../../components/When";

/** Add, rename and remove the user's passkeys. */
export function PasskeysCard() {
  const passkeys = useQuery(securityQueries.passkeys());
  const client = useQueryClient();
  const refreshed = { onSuccess: () => client.invalidateQueries({ queryKey: securityQueries.all }) };
  const [name, setName] = useState("");
  const add = useMutation({ mutationFn: () => addPasskey(name.trim()), ...refreshed });
  const remove = useMutation({
    mutationFn: (id: string) =>
      answered(api.DELETE("/api/auth/passkeys/{passkey_id}", { params: { path: { passkey_id: id } } })),
    ...refreshed,
  });
  const unavailable =
    passkeys.data?.unavailable ?? (hasPasskeys() ? null : t`This browser cannot use passkeys at this address.`);
  const found = passkeys.data?.passkeys ?? [];
  return (
    <Card component="section" aria-labelledby="security-passkeys">
      <Stack gap="sm">
        <Title order={2} size="h4" id="security-passkeys">
          <Trans>Passkeys</Trans>
        </Title>
        <Text size="sm">
          <Trans>
            A passkey signs you in by your phone, computer or security key, without a password. Nobody can copy it from
            a page that only looks like this one.
          </Trans>
        </Text>
        <QueryState query={passkeys} what={t`passkeys`} />
        {found.length > 0 && (
          <Table.ScrollContainer minWidth={280}>
            <Table aria-label={t`Passkeys`}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>
                    <Trans>Name</Trans>
                  </Table.Th>
                  <Table.Th visibleFrom="sm">
                    <Trans>Added</Trans>
                  </Table.Th>
                  <Table.Th>
                    <Trans>Last used</Trans>
                  </Table.Th>
                  <Table.Th aria-label={t`Actions`} />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {found.map((passkey) => (
                  <Table.Tr key={passkey.id}>
                    <Table.Td>
                      {passkey.name}{" "}
                      {passkey.is_synced && (
                        <Badge variant="light">
                          <Trans>synced</Trans>
                        </Badge>
                      )}
                    </Table.Td>
                    <Table.Td visibleFrom="sm">
                      <When at={passkey.created_at} />
                    </Table.Td>
                    <Table.Td>{passkey.last_used_at ? <When at={passkey.last_used_at} /> : t`never`}</Table.Td>
                    <Table.Td>
                      <Group gap="xs" justify="flex-end">
                        <RenamePasskey id={passkey.id} name={passkey.name} />
                        <ConfirmButton
                          label={t`Remove`}
                          size="compact-sm"
                          variant="default"
                          aria-label={t`Remove ${{ passkey: passkey.name }}`}
                          title={t`Remove this passkey?`}
                          confirm={t`Remove it`}
                          error={remove.error}
                          isPending={remove.isPending}
                          onConfirm={(close) => remove.mutate(passkey.id, { onSuccess: close })}
                        >
                          <Trans>
                            It does not sign you in any more. Delete it on the device or in the password manager too.
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
        {unavailable && (
          <Text size="sm">
            <Trans>No passkey can be added: {unavailable}</Trans>
          </Text>
        )}
        {passkeys.data && !unavailable && (
          <Group>
            <FormDialog
              label={t`Add a passkey`}
              size="sm"
              title={t`Add a passkey`}
              submit={t`Continue`}
              error={add.error}
              isPending={add.isPending}
              onSubmit={(close) =>
                add.mutate(undefined, {
                  onSuccess: () => {
                    setName("");
                    close();
                  },
                })
              }
            >
              <TextInput
                label={t`Name`}
                description={t`To distinguish it from others; your browser asks next`}
                placeholder={t`for example: my phone`}
                maxLength={100}
                required
                data-autofocus
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
              />
            </FormDialog>
          </Group>
        )}
      </Stack>
    </Card>
  );
}

function RenamePasskey({ id, name }: { id: string; name: string }) {
  const client = useQueryClient();
  const [wanted, setWanted] = useState(name);
  const rename = useMutation({
    mutationFn: () =>
      answered(
        api.PATCH("/api/auth/passkeys/{passkey_id}", {
          params: { path: { passkey_id: id } },
          body: { name: wanted.trim() },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: securityQueries.all }),
  });
  return (
    <FormDialog
      label={t`Rename`}
      variant="default"
      aria-label={t`Rename ${name}`}
      title={t`Rename this passkey`}
      submit={t`Save`}
      error={rename.error}
      isPending={rename.isPending}
      onSubmit={(close) => rename.mutate(undefined, { onSuccess: close })}
    >
      <TextInput
        label={t`Name`}
        maxLength={100}
        required
        data-autofocus
        value={wanted}
        onChange={(event) => setWanted(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
