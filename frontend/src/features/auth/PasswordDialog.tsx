import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button, Group, Modal, PasswordInput, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { answered, api } from "../../api/client";
import { askWith } from "../../api/confirm";
import { hasPasskeys, signedByPasskey } from "../../api/passkeys";
import { Problem } from "../../components/Problem";

/** Asks for the password when an operation needs it again; the operation then continues. */
export function PasswordDialog() {
  const [waiting, setWaiting] = useState<{ settle: (isGiven: boolean) => void }>();
  const form = useForm({ initialValues: { password: "" } });
  const confirm = useMutation({
    mutationFn: (body: { password: string }) => answered(api.POST("/api/auth/confirm", { body })),
  });
  const byPasskey = useMutation({
    mutationFn: async () =>
      answered(api.POST("/api/auth/passkeys/confirm", { body: { credential: await signedByPasskey() } })),
  });
  useEffect(
    () =>
      askWith(
        () =>
          new Promise<boolean>((settle) => {
            setWaiting({ settle });
          }),
      ),
    [],
  );
  const close = (isGiven: boolean) => {
    setWaiting(undefined);
    form.reset();
    confirm.reset();
    byPasskey.reset();
    waiting?.settle(isGiven);
  };
  return (
    <Modal
      opened={waiting !== undefined}
      onClose={() => close(false)}
      title={t`Your password, please`}
      closeButtonProps={{ "aria-label": t`Close` }}
      zIndex={1000}
    >
      <form onSubmit={form.onSubmit((values) => confirm.mutate(values, { onSuccess: () => close(true) }))}>
        <Stack>
          <Text size="sm">
            <Trans>
              You gave it more than ten minutes ago, and this needs it again, or a passkey. If you have neither, sign
              out and sign in by a new link.
            </Trans>
          </Text>
          <PasswordInput
            label={t`Password`}
            autoComplete="current-password"
            required
            data-autofocus
            {...form.getInputProps("password")}
          />
          {confirm.error && <Problem error={confirm.error} title={t`That did not work`} />}
          {byPasskey.error && <Problem error={byPasskey.error} title={t`The passkey was not taken`} />}
          <Group justify="flex-end">
            {hasPasskeys() && (
              <Button
                variant="default"
                loading={byPasskey.isPending}
                onClick={() => byPasskey.mutate(undefined, { onSuccess: () => close(true) })}
              >
                <Trans>Use a passkey</Trans>
              </Button>
            )}
            <Button type="submit" loading={confirm.isPending}>
              <Trans>Continue</Trans>
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
