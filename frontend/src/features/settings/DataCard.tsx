import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button, Card, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import { meQuery } from "../../api/me";
import { ConfirmButton } from "../../components/ConfirmButton";
import { Problem } from "../../components/Problem";
import { sayErased } from "./sayErased";

const FILE = "/api/me/export";

/** Download everything that is stored about the user, and erase it. */
export function DataCard() {
  const me = useQuery(meQuery);
  const client = useQueryClient();
  const form = useForm({ initialValues: { email: "" }, transformValues: ({ email }) => ({ email: email.trim() }) });
  const typed = form.getTransformedValues();
  const email = me.data?.email ?? "";
  // The browser itself downloads the file, which may be large; the password is asked before.
  const download = useMutation({
    mutationFn: () => answered(api.GET("/api/auth/confirm")),
    onSuccess: () => window.location.assign(FILE),
  });
  const erase = useMutation({
    mutationFn: () => answered(api.DELETE("/api/me", { body: typed })),
    onSuccess: (erased) => {
      sayErased(erased);
      return client.resetQueries();
    },
  });
  return (
    <Card component="section" aria-labelledby="security-data">
      <Stack gap="sm" align="flex-start">
        <Title order={2} size="h4" id="security-data">
          <Trans>Your data</Trans>
        </Title>
        <Text size="sm">
          <Trans>
            One zip file has everything that is stored about you: rows and their changes, rules, schedules, banks, the
            audit log, and the banks&apos; answers. Secrets are left out.
          </Trans>
        </Text>
        <Group>
          <Button variant="default" loading={download.isPending} onClick={() => download.mutate()}>
            <Trans>Download everything</Trans>
          </Button>
          <ConfirmButton
            label={t`Erase me`}
            color="red"
            variant="light"
            title={t`Erase you and everything of yours?`}
            confirm={t`Erase everything`}
            isReady={email !== "" && typed.email.toLowerCase() === email.toLowerCase()}
            error={erase.error}
            isPending={erase.isPending}
            onOpen={form.reset}
            onConfirm={(close) => erase.mutate(undefined, { onSuccess: close })}
          >
            <Text size="sm">
              <Trans>
                Your consents are ended at TrueLayer, and your rows, rules, schedules and settings are deleted. Nobody
                can restore them, except from a backup of this installation.
              </Trans>
            </Text>
            <TextInput label={t`Type ${email} to confirm`} autoComplete="off" {...form.getInputProps("email")} />
          </ConfirmButton>
        </Group>
        {download.error && <Problem error={download.error} title={t`The download did not start`} />}
      </Stack>
    </Card>
  );
}
