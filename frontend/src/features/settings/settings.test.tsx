import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { afterEach, expect, it } from "vitest";
import { When } from "../../components/When";
import { formatInstant } from "../../lib/dates";
import { setTimeZone } from "../../lib/timeZone";
import { show } from "../../test/render";
import { answer, server } from "../../test/server";
import { TokensPage } from "./TokensPage";

const TOKEN = { id: "3", name: "budget app", created_at: "2026-06-17T10:00:00Z", last_used_at: null };

afterEach(() => setTimeZone(null));

it("a token is shown once when it is created, and can be revoked after a question", async () => {
  server.use(
    answer("get", "/api/auth/tokens", { tokens: [TOKEN] }),
    answer("post", "/api/auth/tokens", { ...TOKEN, token: "bi_secret" }, 201),
    answer("delete", "/api/auth/tokens/3", {}, 200),
  );
  const user = userEvent.setup();
  show(<TokensPage />);

  await user.type(await screen.findByLabelText(/Name of the program/), "budget app");
  await user.click(screen.getByRole("button", { name: "Create a token" }));

  expect(await screen.findByText("bi_secret")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Revoke budget app" }));
  const dialog = await screen.findByRole("dialog");
  expect(within(dialog).getByText("Programs that use this token are refused at once.")).toBeVisible();
});

it("only a token for which it was chosen may show banks that its user is present", async () => {
  const bodies: unknown[] = [];
  server.use(
    answer("get", "/api/auth/tokens", { tokens: [] }),
    http.post("*/api/auth/tokens", async ({ request }) => {
      bodies.push(await request.json());
      return HttpResponse.json({ ...TOKEN, token: "bi_secret" }, { status: 201 });
    }),
  );
  const user = userEvent.setup();
  show(<TokensPage />);

  await user.type(await screen.findByLabelText(/Name of the program/), "budget app");
  await user.click(screen.getByRole("button", { name: "Create a token" }));
  await screen.findByText("bi_secret");
  await user.type(screen.getByLabelText(/Name of the program/), "my app");
  await user.click(screen.getByRole("checkbox", { name: /it may show banks that you are present/ }));
  await user.click(screen.getByRole("button", { name: "Create a token" }));

  await waitFor(() =>
    expect(bodies).toEqual([
      { name: "budget app" },
      { name: "my app", scopes: ["read", "import", "manage", "attended"] },
    ]),
  );
});

it("times are shown in the chosen time zone", async () => {
  setTimeZone("Asia/Tokyo");
  show(<When at="2026-06-17T20:00:00Z" exact />);

  expect(formatInstant("2026-06-17T20:00:00Z")).toMatch(/18 Jun 2026.*5:00/);
  expect((await screen.findByText(/18 Jun 2026/)).getAttribute("title")).toContain("Asia/Tokyo");
});
