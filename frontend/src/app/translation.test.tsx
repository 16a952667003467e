/** Pages in a language whose letters are all wide: a text in usual letters comes from no catalogue. */
import { screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SignInPage } from "../features/auth/SignInPage";
import { HealthPage } from "../features/health/HealthPage";
import { UsersPage } from "../features/settings/UsersPage";
import { KeysDialog } from "../features/transactions/KeysDialog";
import { activate } from "../lib/language";
import { messages as english } from "../locales/en/messages.po";
import { bareTexts, pseudoOf, widened } from "../test/pseudo";
import { show } from "../test/render";
import { answer, server } from "../test/server";

beforeEach(() => activate("en", pseudoOf(english)));
afterEach(() => activate("en", {}));

const ADA = {
  id: "1",
  email: widened("ada@example.org"),
  role: "admin",
  created_at: "2026-06-17T10:00:00Z",
  disabled_at: "2026-06-17T10:00:00Z",
  last_seen_at: null,
};

const HEALTH = {
  state: "fail",
  checks: [{ name: widened("database"), state: "warn", found: widened("slow"), remedy: widened("wait") }],
  processes: [],
  queue_depth: 3,
  queue_age_seconds: 65,
  messages: {},
  flower_url: null,
};

test.each([
  ["the sign-in", <SignInPage key="" />, "Sign in to bankimport"],
  ["health", <HealthPage key="" />, "Health"],
  ["the keys", <KeysDialog key="" onClose={() => undefined} />, "Keys"],
  ["users", <UsersPage key="" />, "Users"],
])("%s has no text of its own that is not translated", async (_, page, heading) => {
  server.use(
    answer("get", "/api/auth/oidc", { providers: [], second_factor: null }),
    answer("get", "/api/auth/me", ADA),
    answer("get", "/api/users", { users: [ADA] }),
    answer("get", "/api/health", HEALTH),
  );
  const { container } = show(page);
  await screen.findByRole("heading", { name: widened(heading) });
  await waitFor(() => expect(container.querySelector("[aria-busy=true]")).toBeNull());

  expect(bareTexts(document.body)).toEqual([]);
});

test("a bare text is found, in the text and in the names of elements", () => {
  document.body.insertAdjacentHTML("beforeend", '<p title="A title"><b>Bare</b> 12 £</p>');

  expect(bareTexts(document.body)).toEqual(["Bare", "A title"]);
  document.body.lastElementChild?.remove();
});
