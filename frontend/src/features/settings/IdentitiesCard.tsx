import { ph, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button, Card, Group, Stack, Table, Text, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import { linkAt, providersQuery } from "../../api/providers";
import { securityQueries } from "../../api/security";
import { ConfirmButton } from "../../components/ConfirmButton";
import { Problem } from "../../components/Problem";
import { QueryState } from "../../components/QueryState";
import { When } from "../../components/When";

/** Link and unlink accounts at other providers; nothing where there are neither providers nor accounts. */
export function IdentitiesCard() {
  const providers = useQuery(providersQuery);
  const identities = useQuery(securityQueries.identities());
  const client = useQueryClient();
  const link = useMutation({ mutationFn: linkAt });
  const unlink = useMutation({
    mutationFn: (id: string) =>
      answered(api.DELETE("/api/auth/oidc/identities/{identity_id}", { params: { path: { identity_id: id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: securityQueries.all }),
  });
  const offered = providers.data?.providers ?? [];
  const found = identities.data?.identities ?? [];
  if (offered.length === 0 && found.length === 0) return null;
  return (
    <Card component="section" aria-labelledby="security-identities">
      <Stack gap="sm">
        <Title order={2} size="h4" id="security-identities">
          <Trans>Other sign-ins</Trans>
        </Title>
        <Text size="sm">
          <Trans>An account that you link here signs you in.</Trans>
        </Text>
        <QueryState query={identities} what={t`linked accounts`} />
        {found.length > 0 && (
          <Table aria-label={t`Linked accounts`}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>
                  <Trans>Provider</Trans>
                </Table.Th>
                <Table.Th visibleFrom="sm">
                  <Trans>Account</Trans>
                </Table.Th>
                <Table.Th>
                  <Trans>Last used</Trans>
                </Table.Th>
                <Table.Th aria-label={t`Actions`} />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {found.map((identity) => (
                <Table.Tr key={identity.id}>
                  <Table.Td>{identity.provider}</Table.Td>
                  <Table.Td visibleFrom="sm">{identity.email ?? ""}</Table.Td>
                  <Table.Td>{identity.last_used_at ? <When at={identity.last_used_at} /> : t`never`}</Table.Td>
                  <Table.Td ta="right">
                    <ConfirmButton
                      label={t`Unlink`}
                      size="compact-sm"
                      variant="default"
                      aria-label={t`Unlink ${{ provider: identity.provider }}`}
                      title={t`Unlink this account?`}
                      confirm={t`Unlink it`}
                      error={unlink.error}
                      isPending={unlink.isPending}
                      onConfirm={(close) => unlink.mutate(identity.id, { onSuccess: close })}
                    >
                      <Trans>It does not sign you in any more. Be sure that you can sign in another way.</Trans>
                    </ConfirmButton>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
        <Group>
          {offered.map((provider) => (
            <Button
              key={provider.name}
              variant="default"
              loading={link.isPending && link.variables === provider.name}
              onClick={() => link.mutate(provider.name)}
            >
              <Trans>Link an account at {ph({ label: provider.label })}</Trans>
            </Button>
          ))}
        </Group>
        {link.error && <Problem error={link.error} title={t`The provider cannot be reached`} />}
      </Stack>
    </Card>
  );
}
