import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button, Card, Group, PasswordInput, Stack, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import { securityQueries } from "../../api/security";
import { Problem } from "../../components/Problem";
import { sayDone } from "../../components/sayDone";

/** Change the password. */
export function PasswordCard() {
  const client = useQueryClient();
  const form = useForm({ initialValues: { old_password: "", new_password: "" } });
  const change = useMutation({
    mutationFn: (body: typeof form.values) => answered(api.POST("/api/auth/password", { body })),
    onSuccess: () => {
      form.reset();
      sayDone(t`Your password is changed. All other browsers are signed out.`);
      return client.invalidateQueries({ queryKey: securityQueries.all });
    },
  });
  return (
    <Card component="section" aria-labelledby="security-password">
      <form onSubmit={form.onSubmit((values) => change.mutate(values))}>
        <Stack gap="sm" maw={420}>
          <Title order={2} size="h4" id="security-password">
            <Trans>Password</Trans>
          </Title>
          <PasswordInput
            label={t`Present password`}
            description={t`Leave it empty if you have none yet.`}
            autoComplete="current-password"
            {...form.getInputProps("old_password")}
          />
          <PasswordInput
            label={t`New password`}
            description={t`12 characters or more; several words are good.`}
            autoComplete="new-password"
            required
            {...form.getInputProps("new_password")}
          />
          {change.error && <Problem error={change.error} title={t`The password is not changed`} />}
          <Group>
            <Button type="submit" loading={change.isPending}>
              <Trans>Change the password</Trans>
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}
