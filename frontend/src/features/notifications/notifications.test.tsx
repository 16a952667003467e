import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { show } from "../../test/render";
import { answer, hang, refuse, server } from "../../test/server";
import { NotificationBell } from "./NotificationBell";
import { NotificationsPage } from "./NotificationsPage";
import { SettingsPage } from "./SettingsPage";

const TOLD = {
  id: "7",
  kind: "import.failed",
  title: "The import from Simulated Bank failed",
  body: "Look at what went wrong.",
  link: "/imports/3",
  data: {},
  read_at: null,
  created_at: "2026-11-25T10:00:00Z",
};

const WEBHOOK = {
  id: "2",
  name: "ledger",
  shown_as: "https://example.org/…",
  kinds: [],
  obeys_quiet_hours: false,
  enabled: false,
  disabled_at: "2026-11-25T10:00:00Z",
  disabled_reason: "it failed for 3 days",
  failing_since: "2026-11-22T10:00:00Z",
  last_delivered_at: null,
  created_at: "2026-11-20T10:00:00Z",
  previous_secret_until: null,
};

function list(notifications: object[], unread_count: number) {
  return answer("get", "/api/notifications", { notifications, unread_count, next_cursor: null });
}

function settings(webhooks: object[], deliveries: object[] = []) {
  server.use(
    answer("get", "/api/notifications/quiet-hours", { quiet_from: null, quiet_to: null, time_zone: "UTC" }),
    answer("get", "/api/notifications/channels", { channels: [] }),
    answer("get", "/api/webhooks", { webhooks }),
    answer("get", "/api/notifications/kinds", { kinds: [{ kind: "proof.broken", meaning: "days do not add up" }] }),
    answer("get", "/api/webhooks/:id/deliveries", { deliveries, next_cursor: null }),
  );
}

test("the bell shows the number of unread notifications", async () => {
  server.use(list([TOLD], 3));
  show(<NotificationBell />);

  expect(await screen.findByRole("link", { name: "Notifications, 3 unread" })).toBeVisible();
});

test("a notification links to where the user can act on it and is marked as read", async () => {
  server.use(list([TOLD], 1));
  show(<NotificationsPage />);
  const item = await screen.findByRole("article", { name: TOLD.title });
  expect(within(item).getByRole("link", { name: TOLD.title })).toHaveAttribute("href", "/imports/3");

  server.use(
    list([{ ...TOLD, read_at: "2026-11-25T11:00:00Z" }], 0),
    answer("post", "/api/notifications/read", { changed: 1, unread_count: 0 }),
  );
  await userEvent.click(within(item).getByRole("button", { name: "Mark as read" }));

  expect(await screen.findByRole("button", { name: "Mark as unread" })).toBeVisible();
});

test("an empty list explains notifications", async () => {
  server.use(list([], 0));
  show(<NotificationsPage />);

  expect(await screen.findByRole("heading", { name: "No notifications yet" })).toBeVisible();
});

test("notifications that load or fail say so", async () => {
  server.use(hang("get", "/api/notifications"));
  const view = show(<NotificationsPage />);
  expect(await screen.findByRole("status")).toHaveTextContent("Loading notifications");
  view.unmount();

  server.use(refuse("get", "/api/notifications", 503, "database_unreachable", "the database cannot be reached"));
  show(<NotificationsPage />);
  expect(await screen.findByText(/the database cannot be reached/)).toBeVisible();
});

test("a new webhook's secret is shown once", async () => {
  settings([]);
  show(<SettingsPage />);
  server.use(answer("post", "/api/webhooks", { ...WEBHOOK, secret: "whsec_once" }, 201));
  await userEvent.type(await screen.findByLabelText(/Name of the webhook/), "ledger");
  await userEvent.type(screen.getByLabelText(/^Address/), "https://example.org/hooks");
  await userEvent.click(screen.getByRole("button", { name: "Add webhook" }));

  expect(await screen.findByText("whsec_once")).toBeVisible();
});

test("a webhook that was switched off says why, and shows its deliveries", async () => {
  settings(
    [WEBHOOK],
    [
      {
        id: "4",
        notification_id: "7",
        kind: "import.failed",
        title: TOLD.title,
        state: "dropped",
        created_at: TOLD.created_at,
        delivered_at: null,
        next_try_at: null,
        waits_for_quiet_end: false,
        tries: [
          {
            number: 1,
            tried_at: TOLD.created_at,
            elapsed_ms: 3,
            status: 500,
            error: "it answered 500",
            in_digest_of: null,
          },
        ],
      },
    ],
  );
  show(<SettingsPage />);

  const webhook = await screen.findByRole("article", { name: "ledger" });
  expect(within(webhook).getByText("Off: it failed for 3 days.")).toBeVisible();
  expect(await within(webhook).findByText("it answered 500")).toBeVisible();
  expect(within(webhook).getByRole("button", { name: "Send a test" })).toBeDisabled();
});

test("a forbidden address is refused with an explanation", async () => {
  settings([]);
  server.use(
    refuse("post", "/api/notifications/channels", 422, "target_refused", "localhost lies in a private network"),
  );
  show(<SettingsPage />);
  await userEvent.type(await screen.findByLabelText(/Name of the channel/), "mine");
  await userEvent.type(screen.getByLabelText(/Apprise address/), "json://localhost");
  await userEvent.click(screen.getByRole("button", { name: "Add channel" }));

  expect(await screen.findByText(/lies in a private network/)).toBeVisible();
});
