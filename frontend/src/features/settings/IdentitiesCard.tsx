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
          Other sign-ins
        </Title>
        <Text size="sm">An account that you link here signs you in.</Text>
        <QueryState query={identities} what="linked accounts" />
        {found.length > 0 && (
          <Table aria-label="Linked accounts">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Provider</Table.Th>
                <Table.Th visibleFrom="sm">Account</Table.Th>
                <Table.Th>Last used</Table.Th>
                <Table.Th aria-label="Actions" />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {found.map((identity) => (
                <Table.Tr key={identity.id}>
                  <Table.Td>{identity.provider}</Table.Td>
                  <Table.Td visibleFrom="sm">{identity.email ?? ""}</Table.Td>
                  <Table.Td>{identity.last_used_at ? <When at={identity.last_used_at} /> : "never"}</Table.Td>
                  <Table.Td ta="right">
                    <ConfirmButton
                      label="Unlink"
                      size="compact-sm"
                      variant="default"
                      aria-label={`Unlink ${identity.provider}`}
                      title="Unlink this account?"
                      confirm="Unlink it"
                      error={unlink.error}
                      isPending={unlink.isPending}
                      onConfirm={(close) => unlink.mutate(identity.id, { onSuccess: close })}
                    >
                      It does not sign you in any more. Be sure that you can sign in another way.
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
              Link an account at {provider.label}
            </Button>
          ))}
        </Group>
        {link.error && <Problem error={link.error} title="The provider cannot be reached" />}
      </Stack>
    </Card>
  );
}
