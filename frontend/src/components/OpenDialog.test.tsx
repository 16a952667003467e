import { Button } from "@mantine/core";
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, it } from "vitest";
import { show } from "../test/render";
import { OpenDialog } from "./OpenDialog";

function Page() {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>Ask</Button>
      {isOpen && (
        <OpenDialog title="Sure?" onClose={() => setOpen(false)}>
          <Button onClick={() => setOpen(false)}>Yes</Button>
        </OpenDialog>
      )}
    </>
  );
}

it.each([
  ["Escape", () => userEvent.keyboard("{Escape}")],
  ["its cross", () => userEvent.click(screen.getByRole("button", { name: "Close" }))],
  ["an answer", () => userEvent.click(screen.getByRole("button", { name: "Yes" }))],
])("a dialog that %s ends gives the keyboard back to where it was", async (_, end) => {
  show(<Page />);
  await userEvent.click(await screen.findByRole("button", { name: "Ask" }));
  const dialog = await screen.findByRole("dialog", { name: "Sure?" });
  await waitFor(() => expect(dialog).toContainElement(document.activeElement as HTMLElement));
  await end();

  await waitFor(() => expect(screen.getByRole("button", { name: "Ask" })).toHaveFocus());
});
