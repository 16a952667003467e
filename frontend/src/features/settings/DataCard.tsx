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
          Your data
        </Title>
        <Text size="sm">
          One zip file has everything that is stored about you: rows and their changes, rules, schedules, banks, the
          audit log, and the banks&apos; answers. Secrets are left out.
        </Text>
        <Group>
          <Button variant="default" loading={download.isPending} onClick={() => download.mutate()}>
            Download everything
          </Button>
          <ConfirmButton
            label="Erase me"
            color="red"
            variant="light"
            title="Erase you and everything of yours?"
            confirm="Erase everything"
            isReady={email !== "" && typed.email.toLowerCase() === email.toLowerCase()}
            error={erase.error}
            isPending={erase.isPending}
            onOpen={form.reset}
            onConfirm={(close) => erase.mutate(undefined, { onSuccess: close })}
          >
            <Text size="sm">
              Your consents are ended at TrueLayer, and your rows, rules, schedules and settings are deleted. Nobody can
              restore them, except from a backup of this installation.
            </Text>
            <TextInput label={`Type ${email} to confirm`} autoComplete="off" {...form.getInputProps("email")} />
          </ConfirmButton>
        </Group>
        {download.error && <Problem error={download.error} title="The download did not start" />}
      </Stack>
    </Card>
  );
}
