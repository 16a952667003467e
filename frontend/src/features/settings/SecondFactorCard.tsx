import { ph, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
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
      label={t`Code`}
      description={t`From your authenticator app, or a backup code`}
      autoComplete="one-time-code"
      required
      {...form.getInputProps("code")}
    />
  );
  return (
    <Card component="section" aria-labelledby="security-factor">
      <Stack gap="sm">
        <Title order={2} size="h4" id="security-factor">
          <Trans>Second factor</Trans>
        </Title>
        <QueryState query={factor} what={t`your second factor`} />
        {factor.data?.is_on === false && !begin.data && (
          <>
            <Text size="sm">
              <Trans>With a second factor, a stolen password is not enough to sign in as you.</Trans>
            </Text>
            <Group>
              <Button onClick={() => begin.mutate()} loading={begin.isPending}>
                <Trans>Set up an authenticator app</Trans>
              </Button>
            </Group>
          </>
        )}
        {begin.error && <Problem error={begin.error} title={t`Setting up failed`} />}
        {begin.data && factor.data?.is_on === false && (
          <form onSubmit={form.onSubmit(() => confirm.mutate())}>
            <Stack gap="sm" align="flex-start">
              <Text size="sm">
                <Trans>Scan this with the app, or type the secret into it. Then enter the code that it shows.</Trans>
              </Text>
              <Image
                src={`data:image/svg+xml,${encodeURIComponent(begin.data.qr_svg)}`}
                alt={t`QR code for the authenticator app`}
                w={220}
              />
              <Code style={{ overflowWrap: "anywhere" }}>{begin.data.secret}</Code>
              {codeInput}
              {confirm.error && <Problem error={confirm.error} title={t`The second factor is not on`} />}
              <Group>
                <Button type="submit" loading={confirm.isPending}>
                  <Trans>Switch it on</Trans>
                </Button>
                <Button variant="default" onClick={() => begin.reset()}>
                  <Trans>Cancel</Trans>
                </Button>
              </Group>
            </Stack>
          </form>
        )}
        {codes && <BackupCodes codes={codes.backup_codes} />}
        {factor.data?.is_on && (
          <>
            <Text size="sm">
              <Trans>
                It is on. {ph({ backupCodesLeft: factor.data.backup_codes_left })} backup codes are left; each signs you
                in once without the app.
              </Trans>
            </Text>
            <Group>
              <FormDialog
                label={t`New backup codes`}
                variant="default"
                title={t`Replace the backup codes?`}
                submit={t`Replace them`}
                error={renew.error}
                isPending={renew.isPending}
                onSubmit={(close) => renew.mutate(undefined, { onSuccess: close })}
              >
                <Text size="sm">
                  <Trans>The old ones stop working.</Trans>
                </Text>
                {codeInput}
              </FormDialog>
              <FormDialog
                label={t`Switch it off`}
                variant="default"
                title={t`Switch the second factor off?`}
                submit={t`Switch it off`}
                error={off.error}
                isPending={off.isPending}
                onSubmit={(close) => off.mutate(undefined, { onSuccess: close })}
              >
                <Text size="sm">
                  <Trans>Then your password alone signs in.</Trans>
                </Text>
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
    <Alert color="green" title={t`Keep these backup codes`} role="status">
      <Text size="sm">
        <Trans>They are shown only this once. Print them, or store them apart from your phone.</Trans>
      </Text>
      <Code block mt="xs">
        {codes.join("\n")}
      </Code>
    </Alert>
  );
}
