import { t } from "@lingui/core/macro";
import { Alert } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";

type Props = { error: Error; title?: string; children?: ReactNode };

/** What went wrong, in the words of the API; `children` may say what to do. */
export function Problem({ error, title = t`Something went wrong`, children }: Props) {
  return (
    <Alert color="red" title={title} role="alert" icon={<IconAlertTriangle aria-hidden />}>
      {error.message}
      {children}
    </Alert>
  );
}
