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
      sayDone("Your password is changed. All other browsers are signed out.");
      return client.invalidateQueries({ queryKey: securityQueries.all });
    },
  });
  return (
    <Card component="section" aria-labelledby="security-password">
      <form onSubmit={form.onSubmit((values) => change.mutate(values))}>
        <Stack gap="sm" maw={420}>
          <Title order={2} size="h4" id="security-password">
            Password
          </Title>
          <PasswordInput
            label="Present password"
            description="Leave it empty if you have none yet."
            autoComplete="current-password"
            {...form.getInputProps("old_password")}
          />
          <PasswordInput
            label="New password"
            description="12 characters or more; several words are good."
            autoComplete="new-password"
            required
            {...form.getInputProps("new_password")}
          />
          {change.error && <Problem error={change.error} title="The password is not changed" />}
          <Group>
            <Button type="submit" loading={change.isPending}>
              Change the password
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}
