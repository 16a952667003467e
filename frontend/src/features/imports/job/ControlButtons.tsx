import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button, type ButtonProps } from "@mantine/core";
import { ConfirmButton } from "../../../components/ConfirmButton";
import type { JobAction, useControlImport } from "./useControlImport";

type Control = ReturnType<typeof useControlImport>;

type ControlProps = ButtonProps & { control: Control; action: JobAction; label: string; "aria-label"?: string };

/** Pauses, resumes, retries or cancels an import at once. */
export function ControlButton({ control, action, label, ...button }: ControlProps) {
  return (
    <Button
      variant="default"
      {...button}
      loading={control.isPending && control.variables.action === action}
      onClick={() => control.mutate({ action })}
    >
      {label}
    </Button>
  );
}

type CancelProps = ButtonProps & { control: Control; jobId: string; "aria-label"?: string };

/** Cancels an import, after a confirmation. */
export function CancelButton({ control, jobId, ...button }: CancelProps) {
  return (
    <ConfirmButton
      label={t`Cancel`}
      variant="default"
      {...button}
      title={t`Cancel import ${jobId}?`}
      confirm={t`Cancel the import`}
      error={control.error}
      isPending={control.isPending}
      onConfirm={(close) => control.mutate({ action: "cancel" }, { onSuccess: close })}
    >
      <Trans>The import stops at once. Stored rows stay, and you can retry the rest.</Trans>
    </ConfirmButton>
  );
}
