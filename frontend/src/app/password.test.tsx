import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, it } from "vitest";
import { PasswordDialog } from "../features/auth/PasswordDialog";
import { DataCard } from "../features/settings/DataCard";
import { show } from "../test/render";
import { answer, server } from "../test/server";

const ME = { id: "1", email: "ada@example.org", role: "member" };

it("erasing needs the address and the password, and reports what became of the consents", async () => {
  const sent: unknown[] = [];
  let isConfirmed = false;
  server.use(
    answer("get", "/api/auth/me", ME),
    http.post("*/api/auth/confirm", async ({ request }) => {
      sent.push(await request.json());
      isConfirmed = true;
      return new HttpResponse(null, { status: 204 });
    }),
    http.delete("*/api/me", async ({ request }) => {
      if (!isConfirmed) return HttpResponse.json({ code: "recent_sign_in_needed", message: "again" }, { status: 403 });
      sent.push(await request.json());
      const end = { connection_id: "7", bank_name: "Bank", ended_at_truelayer: false, problem: "not reachable" };
      return HttpResponse.json({ email: ME.email, consents: [end] });
    }),
  );
  const user = userEvent.setup();
  show(
    <>
      <PasswordDialog />
      <DataCard />
    </>,
  );

  await user.click(await screen.findByRole("button", { name: "Erase me" }));
  const dialog = await screen.findByRole("dialog");
  const erase = within(dialog).getByRole("button", { name: "Erase everything" });
  expect(erase).toBeDisabled();
  await user.click(await within(dialog).findByLabelText("Type ada@example.org to confirm"));
  await user.paste("Ada@example.org");
  await user.click(erase);
  await user.click(await screen.findByLabelText(/^Password/));
  await user.paste("correct horse battery");
  await user.click(screen.getByRole("button", { name: "Continue" }));

  expect(await screen.findByText(/Not ended: Bank \(not reachable\)/)).toBeVisible();
  expect(sent).toEqual([{ password: "correct horse battery" }, { email: "Ada@example.org" }]);
});

it("a refused password is said in the dialog, and closing it cancels the operation", async () => {
  server.use(
    answer("get", "/api/auth/me", ME),
    answer("get", "/api/auth/confirm", { code: "recent_sign_in_needed", message: "Give it again." }, 403),
    answer("post", "/api/auth/confirm", { code: "wrong_credentials", message: "wrong password" }, 401),
  );
  const user = userEvent.setup();
  show(
    <>
      <PasswordDialog />
      <DataCard />
    </>,
  );

  await user.click(await screen.findByRole("button", { name: "Download everything" }));
  await user.click(await screen.findByLabelText(/^Password/));
  await user.paste("wrong");
  await user.click(screen.getByRole("button", { name: "Continue" }));
  expect(await screen.findByText("wrong password")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Close" }));

  expect(await screen.findByText("The download did not start")).toBeVisible();
});
