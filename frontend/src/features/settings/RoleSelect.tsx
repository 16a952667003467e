import type { MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { NativeSelect, type NativeSelectProps } from "@mantine/core";
import type { components } from "../../api/schema.gen";

type Role = components["schemas"]["Role"];

const IN_WORDS: Record<Role, MessageDescriptor> = {
  admin: msg`everything, and manage users`,
  member: msg`everything of their own`,
  read_only: msg`read only`,
};

type Props = Omit<NativeSelectProps, "onChange" | "value" | "data"> & {
  value: Role;
  onChange: (role: Role) => void;
};

/** What a user may do. */
export function RoleSelect({ onChange, ...props }: Props) {
  const roles = Object.keys(IN_WORDS) as Role[];
  return (
    <NativeSelect
      {...props}
      data={roles.map((role) => ({ value: role, label: t(IN_WORDS[role]) }))}
      onChange={(event) => onChange(event.currentTarget.value as Role)}
    />
  );
}
