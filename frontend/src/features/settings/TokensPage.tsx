import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Alert, Anchor, Button, Card, Checkbox, Group, Stack, Table, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconKey } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import { tokenQueries } from "../../api/tokens";
import { ConfirmButton } from "../../components/ConfirmButton";
import { CopyText } from "../../components/CopyText";
import { EmptyState } from "../../components/EmptyState";
import { PageHeader } from "../../components/PageHeader";
import { Problem } from "../../components/Problem";
import { QueryState } from "../../components/QueryState";
import { When } from "../../components/When";

const ATTENDED = ["read", "import", "manage", "attended"] as const;

/** Tokens with which programs use the API as this user. */
export function TokensPage() {
  const tokens = useQuery(tokenQueries.list());
  const client = useQueryClient();
  const refreshed = { onSuccess: () => client.invalidateQueries({ queryKey: tokenQueries.all }) };
  const create = useMutation({
    mutationFn: ({ name, attended }: { name: string; attended: boolean }) =>
      answered(
        api.POST("/api/auth/tokens", { body: { name: name.trim(), ...(attended && { scopes: [...ATTENDED] }) } }),
      ),
    ...refreshed,
  });
  const revoke = useMutation({
    mutationFn: (id: string) =>
      answered(api.DELETE("/api/auth/tokens/{token_id}", { params: { path: { token_id: id } } })),
    ...refreshed,
  });
  const form = useForm({ initialValues: { name: "", attended: false } });
  return (
    <>
      <PageHeader title={t`API tokens`}>
        <Trans>
          A program that has a token can do what you can. Send it as “Authorization: Bearer …”; see the{" "}
          <Anchor href="/api/docs" underline="always">
            description of the API
          </Anchor>
          .
        </Trans>
      </PageHeader>
      <Stack>
        <Card component="section" aria-label={t`New token`}>
          <form onSubmit={form.onSubmit((values) => create.mutate(values, { onSuccess: () => form.reset() }))}>
            <Group align="flex-end">
              <TextInput
                label={t`Name of the program`}
                placeholder={t`for example: budget app`}
                maxLength={100}
                required
                {...form.getInputProps("name")}
              />
              <Button type="submit" loading={create.isPending} disabled={!form.values.name.trim()}>
                <Trans>Create a token</Trans>
              </Button>
            </Group>
            <Checkbox
              mt="sm"
              label={t`For an app with users of its own: it may show banks that you are present`}
              description={t`It passes on your address only while you use it. Banks then allow more than four calls a day.`}
              {...form.getInputProps("attended", { type: "checkbox" })}
            />
          </form>
          {create.error && <Problem error={create.error} title={t`Creating the token failed`} />}
          {create.data && <NewToken token={create.data.token} />}
        </Card>
        <QueryState query={tokens} what={t`tokens`} />
        {tokens.data?.tokens.length === 0 && <EmptyState icon={IconKey} title={t`No tokens yet`} />}
        {tokens.data && tokens.data.tokens.length > 0 && (
          <Table.ScrollContainer minWidth={300}>
            <Table aria-label={t`Tokens`}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>
                    <Trans>Name</Trans>
                  </Table.Th>
                  <Table.Th>
                    <Trans>Created</Trans>
                  </Table.Th>
                  <Table.Th aria-label={t`Actions`} />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {tokens.data.tokens.map((token) => (
                  <Table.Tr key={token.id}>
                    <Table.Td style={{ overflowWrap: "anywhere" }}>{token.name}</Table.Td>
                    <Table.Td>
                      <When at={token.created_at} />
                    </Table.Td>
                    <Table.Td ta="right">
                      <ConfirmButton
                        label={t`Revoke`}
                        size="compact-sm"
                        variant="default"
                        aria-label={t`Revoke ${{ token: token.name }}`}
                        title={t`Revoke ${{ token: token.name }}?`}
                        confirm={t`Revoke it`}
                        error={revoke.error}
                        isPending={revoke.isPending}
                        onConfirm={(close) => revoke.mutate(token.id, { onSuccess: close })}
                      >
                        <Trans>Programs that use this token are refused at once.</Trans>
                      </ConfirmButton>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </Stack>
    </>
  );
}

function NewToken({ token }: { token: string }) {
  return (
    <Alert color="green" title={t`Copy the token now`} role="status" mt="md">
      <Text size="sm" mb="xs">
        <Trans>It is shown only this once.</Trans>
      </Text>
      <CopyText value={token} what={t`the token`} />
    </Alert>
  );
}
