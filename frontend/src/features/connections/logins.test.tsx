import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { expect, test, vi } from "vitest";
import type { Connection } from "../../api/types";
import { show } from "../../test/render";
import { answer, refuse, server } from "../../test/server";
import { ConnectionCard } from "./ConnectionCard";
import { ConnectionsPage } from "./ConnectionsPage";
import { ContinuationOffers } from "./ContinuationOffers";

const PATH = "/api/truelayer/connections";
const CONNECTION: Connection = {
  id: "1",
  bank: "Bank of Ada",
  bank_id: "ob-ada",
  status: "active",
  authorised_at: "2026-11-29T12:00:00Z",
  deep_history_until: "2026-11-29T12:05:00Z",
  consent_expires_at: "2027-02-27T12:00:00Z",
  consent_state: "fine",
  consent_days_left: 89,
  consent_end_assumed: false,
  time_zone: "Europe/London",
  consent_ended_at: null,
  created_at: "2026-11-29T12:00:00Z",
  last_error: null,
  not_listed: [],
  unreadable: [],
  renewal: null,
};

function showCard(changes: Partial<Connection>) {
  server.use(answer("get", `${PATH}/1/accounts`, { accounts: [] }));
  return show(<ConnectionCard connection={{ ...CONNECTION, ...changes }} />);
}

test.each([
  ["Add it as a second connection", "add"],
  ["Replace the login of this connection", "replace"],
  ["Cancel and end the new consent", "cancel"],
])("another login is a question, and %s says %s", async (button, decision) => {
  let sent: unknown;
  server.use(
    http.post(`*${PATH}/1/renewal`, async ({ request }) => {
      sent = await request.json();
      return HttpResponse.json({ connections: [CONNECTION] });
    }),
  );
  const renewal = {
    state: "another_login" as const,
    bank: "Bank of Ada",
    accounts: ["Joint", "Partner"],
    authorised_at: "2026-11-29T12:00:00Z",
  };
  showCard({ renewal });

  expect(await screen.findByText(/It shares Joint, Partner, but not every account of this connection/)).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: button }));
  await expect.poll(() => sent).toEqual({ decision });
});

test("the import that an answer retried is opened", async () => {
  server.use(
    http.post(`*${PATH}/1/renewal`, () => HttpResponse.json({ connections: [CONNECTION], retried_job_id: "7" })),
  );
  const { router } = showCard({
    renewal: { state: "another_login", bank: "Ada", accounts: ["Joint"], authorised_at: "2026-11-29T12:00:00Z" },
  });

  await userEvent.click(await screen.findByRole("button", { name: "Replace the login of this connection" }));
  await expect.poll(() => router.state.location.pathname).toBe("/imports/7");
});

test("an unlisted renewal says which consent stays in use", async () => {
  const renewal = {
    state: "not_listed" as const,
    bank: "Bank of Ada",
    accounts: [],
    authorised_at: "2026-11-29T12:00:00Z",
  };
  showCard({ renewal });

  expect(await screen.findByText(/your previous consent stays in use/)).toBeVisible();
});

test("a consent that ended early shows since when, not its original end", async () => {
  showCard({
    status: "expired",
    consent_state: "ended",
    consent_days_left: 0,
    consent_ended_at: "2026-11-20T08:00:00Z",
  });

  expect(await screen.findByText(/since/)).toHaveTextContent("2026");
  expect(screen.queryByText(/until/)).toBeNull();
  expect(screen.queryByRole("button", { name: "Extend" })).toBeNull();
});

test("accounts that the bank did not list, or listed badly, are shown", async () => {
  showCard({ not_listed: [{ kind: "account", code: "access_denied" }], unreadable: ["account 3 has no account_id"] });

  expect(await screen.findByText(/did not list its accounts last time/)).toBeVisible();
  expect(screen.getByText(/1 entry of the bank's list could not be read: account 3 has no account_id/)).toBeVisible();
});

test("an assumed end is marked as assumed", async () => {
  showCard({ consent_end_assumed: true });

  expect(await screen.findByText(/probably until/)).toBeVisible();
});

test("after a refused extension the connections are reloaded", async () => {
  let reads = 0;
  server.use(
    answer("get", "/api/truelayer/accounts/continuations", { continuations: [], joined: [] }),
    answer("get", `${PATH}/1/accounts`, { accounts: [] }),
    refuse("post", `${PATH}/1/extend`, 409, "connection_expired", "the consent has ended"),
    http.get(`*${PATH}`, () => {
      reads += 1;
      return HttpResponse.json({ connections: [CONNECTION] });
    }),
  );
  show(<ConnectionsPage connectedId={undefined} problem={undefined} />);

  await userEvent.click(await screen.findByRole("button", { name: "Extend" }));
  expect(await screen.findByText("the consent has ended")).toBeVisible();
  await expect.poll(() => reads).toBe(2);
});

test("the question about another login disappears once it is answered", async () => {
  server.use(
    answer("get", PATH, { connections: [CONNECTION] }),
    answer("get", `${PATH}/1/accounts`, { accounts: [] }),
    answer("get", "/api/truelayer/accounts/continuations", { continuations: [], joined: [] }),
  );
  show(<ConnectionsPage connectedId="1" problem={{ code: "another_login", about: "login" }} />);

  expect(await screen.findByRole("heading", { name: "Bank of Ada" })).toBeVisible();
  expect(screen.queryByText("Another login")).toBeNull();
});

test("the page's address can only select known texts", async () => {
  server.use(
    answer("get", PATH, { connections: [] }),
    answer("get", "/api/truelayer/accounts/continuations", { continuations: [], joined: [] }),
  );
  show(<ConnectionsPage connectedId={undefined} problem={{ code: "Send money to 12-34-56", about: "Send money" }} />);

  expect(await screen.findByRole("alert")).toHaveTextContent(/Something went wrong on the way back/);
  expect(screen.queryByText(/Send money/)).toBeNull();
});

test("a continuation of a moved bank is offered with the reason and the rows", async () => {
  let sent: unknown;
  const account = { kind: "card", currency: "GBP", also_through: [], account_type: null, balance: null };
  const offer = {
    new: { ...account, account_id: "9", connection_id: "2", display_name: "Gold", last_digits: "2002" },
    old: { ...account, account_id: "4", connection_id: "1", display_name: "Gold", last_digits: "1001" },
    evidence: "rows",
    equal_rows: 120,
    rows_only_in_new: 0,
    rows_only_in_old: 1,
  };
  server.use(
    answer("get", "/api/truelayer/accounts/continuations", { continuations: [offer], joined: [] }),
    http.post("*/api/truelayer/accounts/9/continuation", async ({ request }) => {
      sent = await request.json();
      return HttpResponse.json(offer.old);
    }),
  );
  show(<ContinuationOffers />);

  expect(await screen.findByText("Is Gold (…2002) the account that you know as Gold (…1001)?")).toBeVisible();
  expect(screen.getByText(/120 rows on the days that both have are equal, 1 are not/)).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Continue the old account" }));
  await expect.poll(() => sent).toEqual({ old_account_id: "4", choice: "continue" });
});

test("a continued account can be separated again after a confirmation", async () => {
  const undone = vi.fn();
  const join = { account_id: "4", joined_name: "Gold", joined_at: "2026-06-17T12:00:00Z" };
  server.use(
    answer("get", "/api/truelayer/accounts/continuations", { continuations: [], joined: [join] }),
    http.delete("*/api/truelayer/accounts/4/continuation", () => {
      undone();
      return HttpResponse.json({ code: "not_possible_now", message: "undo import 7 first" }, { status: 409 });
    }),
  );
  show(<ContinuationOffers />);

  await userEvent.click(await screen.findByRole("button", { name: "Separate Gold again" }));
  expect(undone).not.toHaveBeenCalled();
  await userEvent.click(screen.getByRole("button", { name: "Separate them" }));
  expect(await screen.findByText("undo import 7 first")).toBeVisible();
});
