import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button, Stack, Text, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { hasPasskeys } from "../../api/passkeys";
import { giveUpSecondFactor, providersQuery } from "../../api/providers";
import { Problem } from "../../components/Problem";
import { CodeField } from "./CodeField";
import { useSecondFactor } from "./useMe";

/** What is asked of a user whom a provider signed in, and who has a second factor here. */
export function SecondStep({ code, passkey }: { code: boolean; passkey: boolean }) {
  const form = useForm({ initialValues: { code: "" } });
  const given = useSecondFactor();
  const client = useQueryClient();
  const leave = useMutation({
    mutationFn: giveUpSecondFactor,
    onSuccess: () => client.invalidateQueries(providersQuery),
  });
  return (
    <form onSubmit={form.onSubmit((values) => given.mutate(values.code))}>
      <Stack>
        <Title order={1} size="h3">
          <Trans>One more step</Trans>
        </Title>
        <Text size="sm">
          <Trans>The provider signed you in. Your account here has a second factor too.</Trans>
        </Text>
        {given.error && <Problem error={given.error} title={t`That did not sign you in`} />}
        {leave.error && <Problem error={leave.error} />}
        {code && (
          <>
            <CodeField {...form.getInputProps("code")} />
            <Button type="submit" loading={given.isPending}>
              <Trans>Sign in</Trans>
            </Button>
          </>
        )}
        {passkey && hasPasskeys() && (
          <Button
            variant={code ? "default" : "filled"}
            loading={given.isPending}
            onClick={() => given.mutate(undefined)}
          >
            <Trans>Use a passkey</Trans>
          </Button>
        )}
        {passkey && !code && !hasPasskeys() && (
          <Text size="sm">
            <Trans>This browser has no passkeys. Open bankimport in the browser in which you added yours.</Trans>
          </Text>
        )}
        <Button variant="subtle" loading={leave.isPending} onClick={() => leave.mutate()}>
          <Trans>Sign in another way</Trans>
        </Button>
      </Stack>
    </form>
  );
}
