import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, it } from "vitest";
import { show } from "../../test/render";
import { answer, refuse, server } from "../../test/server";
import { TrueLayerPage } from "./TrueLayerPage";

const NONE = {
  source: "none",
  environment: "sandbox",
  client_id: null,
  has_secret: false,
  redirect_uri: "https://money.example.org/api/truelayer/connections/callback",
  auth_url: "https://auth.truelayer-sandbox.com",
  changed_at: null,
};
const STORED = {
  ...NONE,
  source: "database",
  client_id: "sandbox-me",
  has_secret: true,
  changed_at: "2026-06-17T12:00:00Z",
};
const REFUSED = {
  is_well: false,
  checks: [{ name: "client", is_well: false, found: "TrueLayer refuses the secret", remedy: "copy it again" }],
};
const WELL = { is_well: true, checks: [{ name: "client", is_well: true, found: "accepted", remedy: null }] };

function signedInAs(role: string) {
  return answer("get", "/api/auth/me", { id: "1", email: "ada@example.org", role });
}

async function fill(user: ReturnType<typeof userEvent.setup>, secret: string) {
  await user.type(await screen.findByLabelText(/Client id/), " sandbox-me ");
  await user.type(screen.getByLabelText(/Client secret/), secret);
  await user.click(screen.getByRole("button", { name: "Check and save" }));
}

it("shows what the check found, saves nothing then, and can save anyway", async () => {
  const stored: unknown[] = [];
  server.use(
    signedInAs("admin"),
    answer("get", "/api/setup/truelayer", NONE),
    answer("post", "/api/setup/truelayer/check", REFUSED),
    http.put("*/api/setup/truelayer", async ({ request }) => {
      stored.push(await request.json());
      return HttpResponse.json(STORED);
    }),
  );
  const user = userEvent.setup();
  show(<TrueLayerPage />);

  expect(await screen.findByText(NONE.redirect_uri)).toBeVisible();
  await fill(user, "wrong");
  const found = await screen.findByRole("alert", { name: "Nothing was saved" });
  expect(within(found).getByText(/What to do: copy it again/)).toBeVisible();
  expect(stored).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Save anyway" }));

  expect(await screen.findByText("Saved without a check.")).toBeVisible();
  expect(stored).toEqual([
    { environment: "sandbox", client_id: "sandbox-me", client_secret: "wrong", even_if_connected: false },
  ]);
});

it("stores what passes the check, and then forgets the secret", async () => {
  server.use(
    signedInAs("admin"),
    answer("get", "/api/setup/truelayer", NONE),
    answer("post", "/api/setup/truelayer/check", WELL),
    answer("put", "/api/setup/truelayer", STORED),
  );
  const user = userEvent.setup();
  show(<TrueLayerPage />);

  await fill(user, "right");

  expect(await screen.findByText("Saved; you can connect a bank now")).toBeVisible();
  expect(screen.getByLabelText(/Client secret/)).toHaveValue("");
  expect(screen.getByText("sandbox-me")).toBeVisible();
});

it("asks before banks have to be connected again", async () => {
  server.use(
    signedInAs("admin"),
    answer("get", "/api/setup/truelayer", NONE),
    answer("post", "/api/setup/truelayer/check", WELL),
    refuse("put", "/api/setup/truelayer", 409, "banks_connected", "2 banks are connected"),
  );
  const user = userEvent.setup();
  show(<TrueLayerPage />);

  await fill(user, "right");

  expect(await screen.findByText("2 banks are connected")).toBeVisible();
  expect(screen.getByRole("checkbox", { name: /connect those banks again/ })).not.toBeChecked();
});

it("has no form where environment variables win, and none for members", async () => {
  server.use(signedInAs("member"), answer("get", "/api/setup/truelayer", { ...STORED, source: "environment" }));
  const first = show(<TrueLayerPage />);
  expect(await screen.findByText(/To set them up here, unset both/)).toBeVisible();
  first.unmount();

  server.use(answer("get", "/api/setup/truelayer", STORED));
  show(<TrueLayerPage />);
  expect(await screen.findByText("Only an administrator can change this.")).toBeVisible();
  expect(screen.queryByRole("button", { name: "Check and save" })).toBeNull();
});
