import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button, Group, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import type { components } from "../../api/schema.gen";
import { RoleSelect } from "./RoleSelect";

type Invite = { email: string; role: components["schemas"]["Role"] };
type Props = { isPending: boolean; onInvite: (invite: Invite, done: () => void) => void };

/** The address and the role of a user to be. */
export function InviteForm({ isPending, onInvite }: Props) {
  const form = useForm<Invite>({ initialValues: { email: "", role: "member" } });
  return (
    <form onSubmit={form.onSubmit((invite) => onInvite(invite, () => form.reset()))}>
      <Group align="flex-end">
        <TextInput
          label={t`E-mail address`}
          type="email"
          autoComplete="off"
          maxLength={320}
          required
          {...form.getInputProps("email")}
        />
        <RoleSelect label={t`May do`} value={form.values.role} onChange={(role) => form.setFieldValue("role", role)} />
        <Button type="submit" loading={isPending} disabled={!form.values.email.includes("@")}>
          <Trans>Invite</Trans>
        </Button>
      </Group>
    </form>
  );
}
