import { Alert, Button, Card, Code, Group, Image, Stack, Text, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import { securityQueries } from "../../api/security";
import { FormDialog } from "../../components/FormDialog";
import { Problem } from "../../components/Problem";
import { QueryState } from "../../components/QueryState";

/** Set up an authenticator app, renew its backup codes, and switch it off. */
export function SecondFactorCard() {
  const factor = useQuery(securityQueries.secondFactor());
  const client = useQueryClient();
  const form = useForm({ initialValues: { code: "" } });
  const changed = () => {
    form.reset();
    return client.invalidateQueries({ queryKey: securityQueries.all });
  };
  const begin = useMutation({ mutationFn: () => answered(api.POST("/api/auth/totp")) });
  const confirm = useMutation({
    mutationFn: () => answered(api.POST("/api/auth/totp/confirm", { body: form.values })),
    onSuccess: () => {
      begin.reset();
      return changed();
    },
  });
  const renew = useMutation({
    mutationFn: () => answered(api.POST("/api/auth/totp/backup-codes", { body: form.values })),
    onSuccess: changed,
  });
  const off = useMutation({
    mutationFn: () => answered(api.POST("/api/auth/totp/off", { body: form.values })),
    onSuccess: () => {
      confirm.reset();
      renew.reset();
      return changed();
    },
  });
  const codes = renew.data ?? confirm.data;
  const codeInput = (
    <TextInput
      label="Code"
      description="From your authenticator app, or a backup code"
      autoComplete="one-time-code"
      required
      {...form.getInputProps("code")}
    />
  );
  return (
    <Card component="section" aria-labelledby="security-factor">
      <Stack gap="sm">
        <Title order={2} size="h4" id="security-factor">
          Second factor
        </Title>
        <QueryState query={factor} what="your second factor" />
        {factor.data?.is_on === false && !begin.data && (
          <>
            <Text size="sm">With a second factor, a stolen password is not enough to sign in as you.</Text>
            <Group>
              <Button onClick={() => begin.mutate()} loading={begin.isPending}>
                Set up an authenticator app
              </Button>
            </Group>
          </>
        )}
        {begin.error && <Problem error={begin.error} title="Setting up failed" />}
        {begin.data && factor.data?.is_on === false && (
          <form onSubmit={form.onSubmit(() => confirm.mutate())}>
            <Stack gap="sm" align="flex-start">
              <Text size="sm">
                Scan this with the app, or type the secret into it. Then enter the code that it shows.
              </Text>
              <Image
                src={`data:image/svg+xml,${encodeURIComponent(begin.data.qr_svg)}`}
                alt="QR code for the authenticator app"
                w={220}
              />
              <Code style={{ overflowWrap: "anywhere" }}>{begin.data.secret}</Code>
              {codeInput}
              {confirm.error && <Problem error={confirm.error} title="The second factor is not on" />}
              <Group>
                <Button type="submit" loading={confirm.isPending}>
                  Switch it on
                </Button>
                <Button variant="default" onClick={() => begin.reset()}>
                  Cancel
                </Button>
              </Group>
            </Stack>
          </form>
        )}
        {codes && <BackupCodes codes={codes.backup_codes} />}
        {factor.data?.is_on && (
          <>
            <Text size="sm">
              It is on. {factor.data.backup_codes_left} backup codes are left; each signs you in once without the app.
            </Text>
            <Group>
              <FormDialog
                label="New backup codes"
                variant="default"
                title="Replace the backup codes?"
                submit="Replace them"
                error={renew.error}
                isPending={renew.isPending}
                onSubmit={(close) => renew.mutate(undefined, { onSuccess: close })}
              >
                <Text size="sm">The old ones stop working.</Text>
                {codeInput}
              </FormDialog>
              <FormDialog
                label="Switch it off"
                variant="default"
                title="Switch the second factor off?"
                submit="Switch it off"
                error={off.error}
                isPending={off.isPending}
                onSubmit={(close) => off.mutate(undefined, { onSuccess: close })}
              >
                <Text size="sm">Then your password alone signs in.</Text>
                {codeInput}
              </FormDialog>
            </Group>
          </>
        )}
      </Stack>
    </Card>
  );
}

function BackupCodes({ codes }: { codes: string[] }) {
  return (
    <Alert color="green" title="Keep these backup codes" role="status">
      <Text size="sm">They are shown only this once. Print them, or store them apart from your phone.</Text>
      <Code block mt="xs">
        {codes.join("\n")}
      </Code>
    </Alert>
  );
}
