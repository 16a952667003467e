import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, it } from "vitest";
import { show } from "../../test/render";
import { answer, server } from "../../test/server";
import { SignInPage } from "./SignInPage";

it("after a provider the user's own second factor is wanted, or another way to sign in", async () => {
  const sent: unknown[] = [];
  let waits = true;
  server.use(
    http.get("*/api/auth/oidc", () =>
      HttpResponse.json({ providers: [], second_factor: waits ? { code: true, passkey: true } : null }),
    ),
    http.post("*/api/auth/oidc/second-factor", async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json({ code: "wrong_code", message: "that is not the code" }, { status: 401 });
    }),
    http.delete("*/api/auth/oidc/second-factor", () => {
      waits = false;
      return new HttpResponse(null, { status: 204 });
    }),
  );
  const user = userEvent.setup();
  show(<SignInPage />);

  await user.type(await screen.findByLabelText(/^Code/), "123456");
  await user.click(screen.getByRole("button", { name: "Sign in" }));
  expect(await screen.findByRole("alert")).toHaveTextContent(/that is not the code/i);
  expect(screen.queryByLabelText(/^Password/)).toBeNull();
  await user.click(screen.getByRole("button", { name: "Sign in another way" }));

  expect(await screen.findByLabelText(/^Password/)).toBeVisible();
  expect(sent).toEqual([{ code: "123456" }]);
});

it("a code is wanted only when the right password needs one", async () => {
  const sent: unknown[] = [];
  server.use(
    answer("get", "/api/auth/oidc", { providers: [{ name: "work", label: "Work" }] }),
    http.post("*/api/auth/login", async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json({ code: "code_needed", message: "enter the code" }, { status: 401 });
    }),
  );
  const user = userEvent.setup();
  show(<SignInPage />);

  await user.type(await screen.findByLabelText(/E-mail address/), "ada@example.org");
  await user.type(screen.getByLabelText(/^Password/), "correct horse battery");
  await user.click(screen.getByRole("button", { name: "Sign in" }));
  await user.type(await screen.findByLabelText(/^Code/), "123456");
  await user.click(screen.getByRole("button", { name: "Sign in" }));

  expect(screen.getByRole("button", { name: "Sign in with Work" })).toBeVisible();
  expect(sent).toEqual([
    { email: "ada@example.org", password: "correct horse battery" },
    { email: "ada@example.org", password: "correct horse battery", code: "123456" },
  ]);
});
