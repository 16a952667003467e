import { Alert, Button, Center, Paper, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { Problem } from "../../components/Problem";
import { useSignIn } from "./useMe";

/** The sign-in form, at the URL that was opened; that page is shown afterwards. */
export function SignInPage({ wasSignedIn = false }: { wasSignedIn?: boolean }) {
  const form = useForm({ initialValues: { email: "", password: "" } });
  const signIn = useSignIn();
  return (
    <Center mih="100vh" p="md">
      <Paper component="main" withBorder p="xl" w={380}>
        <form onSubmit={form.onSubmit((values) => signIn.mutate(values))}>
          <Stack>
            <Title order={1} size="h3">
              Sign in to bankimport
            </Title>
            {wasSignedIn && (
              <Alert color="yellow" title="You are signed out" role="status">
                The session has ended, or you signed out in another tab. Sign in to return to this page.
              </Alert>
            )}
            {signIn.error && <Problem error={signIn.error} />}
            <TextInput
              label="E-mail address"
              type="email"
              autoComplete="username"
              required
              {...form.getInputProps("email")}
            />
            <PasswordInput
              label="Password"
              autoComplete="current-password"
              required
              {...form.getInputProps("password")}
            />
            <Button type="submit" loading={signIn.isPending}>
              Sign in
            </Button>
            <Text size="sm" c="dimmed">
              No password? Ask the administrator of bankimport for a link from <code>bankimport user login-link</code>.
            </Text>
          </Stack>
        </form>
      </Paper>
    </Center>
  );
}
