import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, it } from "vitest";
import { show } from "../../test/render";
import { answer, server } from "../../test/server";
import { UsersPage } from "./UsersPage";

const ADA = {
  id: "1",
  email: "ada@example.org",
  role: "admin",
  created_at: "2026-06-17T10:00:00Z",
  disabled_at: null,
  last_seen_at: "2026-06-17T11:00:00Z",
};
const EVE = { ...ADA, id: "2", email: "eve@example.org", role: "member", last_seen_at: null };

it("an administrator invites, and disables after a question", async () => {
  const changes: unknown[] = [];
  server.use(
    answer("get", "/api/auth/me", ADA),
    answer("get", "/api/users", { users: [ADA, EVE] }),
    answer("post", "/api/users", { ...EVE, id: "3", email: "kim@example.org", sign_in_link: "https://x/link" }, 201),
    http.patch("*/api/users/2", async ({ request }) => {
      changes.push(await request.json());
      return HttpResponse.json(EVE);
    }),
  );
  const user = userEvent.setup();
  show(<UsersPage />);

  const table = await screen.findByRole("table", { name: "Users" });
  expect(within(table).getByText("you")).toBeVisible();
  await user.type(screen.getByLabelText(/E-mail address/), "kim@example.org");
  await user.click(screen.getByRole("button", { name: "Invite" }));
  expect(await screen.findByText("https://x/link")).toBeVisible();

  await user.click(screen.getByRole("button", { name: "Disable eve@example.org" }));
  await user.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Disable" }));
  await user.selectOptions(screen.getByLabelText("What eve@example.org may do"), "read_only");

  expect(changes).toEqual([{ is_disabled: true }, { role: "read_only" }]);
});

it("others learn whom to ask", async () => {
  server.use(answer("get", "/api/auth/me", { ...ADA, role: "member" }));
  show(<UsersPage />);

  expect(await screen.findByText("Only administrators manage users")).toBeVisible();
});
