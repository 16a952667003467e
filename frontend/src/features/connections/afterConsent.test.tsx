import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, it } from "vitest";
import type { Connection } from "../../api/types";
import { show } from "../../test/render";
import { answer, server } from "../../test/server";
import { AfterConsent } from "./AfterConsent";

function consentedTo(until: number): Connection {
  return {
    id: "4",
    bank: "Bank of Ada",
    bank_id: "ob-ada",
    status: "active",
    authorised_at: "2026-11-29T12:00:00Z",
    deep_history_until: new Date(until).toISOString(),
    consent_expires_at: null,
    consent_state: "unknown",
    consent_days_left: null,
    consent_end_assumed: false,
    time_zone: null,
    consent_ended_at: null,
    created_at: "2026-11-29T12:00:00Z",
    last_error: null,
    not_listed: [],
    unreadable: [],
    renewal: null,
  };
}

it("counts down to when the bank closes its history, and one button imports all of it", async () => {
  let planned: unknown;
  server.use(
    http.post("*/api/truelayer/import/plan", async ({ request }) => {
      planned = await request.json();
      return HttpResponse.json({ job_id: "12" });
    }),
    answer("post", "/api/truelayer/import/start", { job_id: "12", status: "running" }),
  );
  const { router } = show(<AfterConsent connection={consentedTo(Date.now() + 290_000)} />);

  expect(await screen.findByRole("timer")).toHaveTextContent(/^4 min \d+ s$/);
  await userEvent.click(screen.getByRole("button", { name: "Import everything the bank gives" }));

  await expect.poll(() => router.state.location.pathname).toBe("/imports/12");
  expect(planned).toMatchObject({ connection_id: "4", job_type: "full_sync", account_ids: [], card_ids: [] });
});

it("says what to do when the bank has closed it", async () => {
  show(<AfterConsent connection={consentedTo(Date.now() - 1_000)} />);

  expect(await screen.findByText(/Reconnect it to have its older history opened/)).toBeVisible();
  expect(screen.queryByRole("timer")).toBeNull();
});
