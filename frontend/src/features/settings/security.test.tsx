import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, it } from "vitest";
import { show } from "../../test/render";
import { answer, server } from "../../test/server";
import { PasskeysCard } from "./PasskeysCard";
import { SecondFactorCard } from "./SecondFactorCard";
import { SessionsCard } from "./SessionsCard";

it("an authenticator app is set up by its first code, and the backup codes are shown once", async () => {
  server.use(
    answer("get", "/api/auth/totp", { is_on: false, backup_codes_left: 0 }),
    answer("post", "/api/auth/totp", { secret: "JBSWY3DP", address: "otpauth://x", qr_svg: "<svg/>" }, 201),
    answer("post", "/api/auth/totp/confirm", { backup_codes: ["AAAA-BBBB", "CCCC-DDDD"] }),
  );
  const user = userEvent.setup();
  show(<SecondFactorCard />);

  await user.click(await screen.findByRole("button", { name: "Set up an authenticator app" }));
  expect(await screen.findByText("JBSWY3DP")).toBeVisible();
  await user.type(screen.getByLabelText(/^Code/), "123456");
  await user.click(screen.getByRole("button", { name: "Switch it on" }));

  expect(await screen.findByText(/CCCC-DDDD/)).toBeVisible();
});

it("passkeys are listed and renamed, and where none can be added that is said", async () => {
  const sent: unknown[] = [];
  const phone = { id: "7", name: "Phone", is_synced: true, created_at: "2026-06-17T10:00:00Z", last_used_at: null };
  server.use(
    answer("get", "/api/auth/passkeys", { passkeys: [phone], unavailable: "passkeys need https" }),
    http.patch("*/api/auth/passkeys/7", async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json(phone);
    }),
  );
  const user = userEvent.setup();
  show(<PasskeysCard />);

  expect(await screen.findByText("No passkey can be added: passkeys need https")).toBeVisible();
  expect(screen.queryByRole("button", { name: "Add a passkey" })).toBeNull();
  expect(screen.getByText("synced")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Rename Phone" }));
  await user.type(await screen.findByLabelText(/^Name/), " of old ");
  await user.click(screen.getByRole("button", { name: "Save" }));

  await waitFor(() => expect(sent).toEqual([{ name: "Phone of old" }]));
});

it("other browsers can be signed out, this one is marked", async () => {
  const seen = {
    created_at: "2026-06-17T10:00:00Z",
    last_seen_at: "2026-06-17T10:00:00Z",
    expires_at: "2026-07-17T10:00:00Z",
  };
  server.use(
    answer("get", "/api/auth/sessions", {
      failed_sign_ins: 2,
      sessions: [
        { id: "1", device: "Firefox on Linux", address: "203.0.113.9", is_current: true, ...seen },
        { id: "2", device: "Safari on iPhone", address: null, is_current: false, ...seen },
      ],
    }),
  );
  show(<SessionsCard />);

  expect(await screen.findByText("this browser")).toBeVisible();
  expect(screen.getByText(/2 sign-ins as you failed/)).toBeVisible();
  expect(screen.getByRole("button", { name: "Sign out Safari on iPhone" })).toBeVisible();
});
