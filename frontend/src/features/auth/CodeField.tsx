import { t } from "@lingui/core/macro";
import { TextInput, type TextInputProps } from "@mantine/core";

/** The code of a second factor, on its way to a session. */
export function CodeField(props: TextInputProps) {
  return (
    <TextInput
      label={t`Code`}
      description={t`From your authenticator app, or a backup code`}
      autoComplete="one-time-code"
      required
      data-autofocus
      {...props}
    />
  );
}
