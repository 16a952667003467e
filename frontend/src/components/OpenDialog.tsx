import { t } from "@lingui/core/macro";
import { Modal, type ModalProps } from "@mantine/core";
import { useEffect, useState } from "react";

type Props = Pick<ModalProps, "title" | "size" | "children" | "onClose">;

/** A dialog that is open while it is drawn. When it is gone, the keyboard is where it was before. */
export function OpenDialog(dialog: Props) {
  // Mantine gives the keyboard's place back only for dialogs that were drawn closed before.
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (before instanceof HTMLElement && document.activeElement === document.body) before.focus();
    },
    [before],
  );
  return <Modal opened closeButtonProps={{ "aria-label": t`Close` }} {...dialog} />;
}
