import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button, type ButtonProps, Group, Modal, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { ReactNode } from "react";
import { Problem } from "./Problem";

type Props = ButtonProps & {
  label: string;
  title: string;
  confirm: string;
  children: ReactNode;
  error: Error | null;
  isPending: boolean;
  isReady?: boolean;
  onConfirm: (close: () => void) => void;
  onOpen?: () => void;
};

/** A button that describes its action in a dialog and runs it only after confirmation. */
export function ConfirmButton(props: Props) {
  const { label, title, confirm, children, error, isPending, isReady = true, onConfirm, onOpen, ...button } = props;
  const [isOpen, dialog] = useDisclosure(false, onOpen ? { onOpen } : {});
  return (
    <>
      <Button {...button} onClick={dialog.open}>
        {label}
      </Button>
      <Modal opened={isOpen} onClose={dialog.close} title={title} closeButtonProps={{ "aria-label": t`Close` }}>
        <Stack>
          {children}
          {error && <Problem error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={dialog.close} data-autofocus>
              <Trans>Cancel</Trans>
            </Button>
            <Button color="red" loading={isPending} disabled={!isReady} onClick={() => onConfirm(dialog.close)}>
              {confirm}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
