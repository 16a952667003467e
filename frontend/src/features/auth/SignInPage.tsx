import { ph, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Alert, Button, Center, Paper, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError } from "../../api/errors";
import { hasPasskeys } from "../../api/passkeys";
import { providersQuery, signInAt } from "../../api/providers";
import { Problem } from "../../components/Problem";
import { CodeField } from "./CodeField";
import { SecondStep } from "./SecondStep";
import { useSignIn, useSignInByPasskey } from "./useMe";

/** The sign-in form, at the URL that was opened; that page is shown afterwards. */
export function SignInPage({ wasSignedIn = false }: { wasSignedIn?: boolean }) {
  const wanted = useQuery(providersQuery).data?.second_factor;
  return (
    <Center mih="100vh" p="md">
      <Paper component="main" withBorder p="xl" w={380}>
        {wanted ? <SecondStep {...wanted} /> : <SignInForm wasSignedIn={wasSignedIn} />}
      </Paper>
    </Center>
  );
}

function SignInForm({ wasSignedIn }: { wasSignedIn: boolean }) {
  const form = useForm({ initialValues: { email: "", password: "", code: "" } });
  const signIn = useSignIn();
  const byPasskey = useSignInByPasskey();
  const [needsCode, setNeedsCode] = useState(false);
  const send = ({ code, ...known }: typeof form.values) => {
    byPasskey.reset();
    signIn.mutate(needsCode ? { ...known, code } : known, {
      onError: (error) => {
        if (error instanceof ApiError && error.code === "code_needed") setNeedsCode(true);
      },
    });
  };
  const isFault = !(signIn.error instanceof ApiError && signIn.error.code === "code_needed");
  return (
    <form onSubmit={form.onSubmit(send)}>
      <Stack>
        <Title order={1} size="h3">
          <Trans>Sign in to bankimport</Trans>
        </Title>
        {wasSignedIn && (
          <Alert color="yellow" title={t`You are signed out`} role="status">
            <Trans>The session has ended, or you signed out in another tab. Sign in to return to this page.</Trans>
          </Alert>
        )}
        {signIn.error && isFault && <Problem error={signIn.error} />}
        {byPasskey.error && <Problem error={byPasskey.error} title={t`The passkey did not sign you in`} />}
        <TextInput
          label={t`E-mail address`}
          type="email"
          autoComplete="username"
          required
          {...form.getInputProps("email")}
        />
        <PasswordInput
          label={t`Password`}
          autoComplete="current-password"
          required
          {...form.getInputProps("password")}
        />
        {needsCode && <CodeField {...form.getInputProps("code")} />}
        <Button type="submit" loading={signIn.isPending}>
          <Trans>Sign in</Trans>
        </Button>
        {hasPasskeys() && !needsCode && (
          <Button
            variant="default"
            loading={byPasskey.isPending}
            onClick={() => {
              signIn.reset();
              byPasskey.mutate();
            }}
          >
            <Trans>Sign in with a passkey</Trans>
          </Button>
        )}
        {hasPasskeys() && needsCode && (
          <Button
            variant="default"
            disabled={signIn.isPending}
            onClick={() => {
              const { email, password } = form.getValues();
              signIn.mutate({ email, password, withPasskey: true });
            }}
          >
            <Trans>Use a passkey in place of the code</Trans>
          </Button>
        )}
        <ProviderButtons />
        <Text size="sm" c="dimmed">
          <Trans>
            No password? Ask the administrator of bankimport for a link from <code>bankimport user login-link</code>.
          </Trans>
        </Text>
      </Stack>
    </form>
  );
}

function ProviderButtons() {
  const providers = useQuery(providersQuery);
  const leave = useMutation({ mutationFn: signInAt });
  return (
    <>
      {providers.data?.providers.map((provider) => (
        <Button
          key={provider.name}
          variant="default"
          loading={leave.isPending && leave.variables === provider.name}
          onClick={() => leave.mutate(provider.name)}
        >
          <Trans>Sign in with {ph({ label: provider.label })}</Trans>
        </Button>
      ))}
      {leave.error && <Problem error={leave.error} title={t`The provider cannot be reached`} />}
    </>
  );
}
