import { t } from "@lingui/core/macro";
import { Button, type ButtonProps, Group, Modal, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { ReactNode } from "react";
import { Problem } from "./Problem";

type Props = ButtonProps & {
  label: string;
  title: string;
  submit: string;
  children: ReactNode;
  error: Error | null;
  isPending: boolean;
  onSubmit: (close: () => void) => void;
};

/** A button that opens a form in a dialog and submits it. */
export function FormDialog({ label, title, submit, children, error, isPending, onSubmit, ...button }: Props) {
  const [isOpen, dialog] = useDisclosure(false);
  return (
    <>
      <Button size="compact-sm" {...button} onClick={dialog.open}>
        {label}
      </Button>
      <Modal opened={isOpen} onClose={dialog.close} title={title} closeButtonProps={{ "aria-label": t`Close` }}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            onSubmit(dialog.close);
          }}
        >
          <Stack>
            {children}
            {error && <Problem error={error} />}
            <Group justify="flex-end">
              <Button type="submit" loading={isPending}>
                {submit}
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  );
}
