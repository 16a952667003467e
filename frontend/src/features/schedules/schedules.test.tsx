import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import type { Schedule, SchedulePreview, ScheduleRun } from "../../api/types";
import { show } from "../../test/render";
import { answer, hang, refuse, server } from "../../test/server";
import { NewSchedulePage } from "./ScheduleFormPage";
import { SchedulePage } from "./SchedulePage";
import { SchedulesPage } from "./SchedulesPage";
import { newSchedule, requestOf } from "./scheduleValues";

const PATH = "/api/truelayer/import/schedules";

const SCHEDULE: Schedule = {
  id: "7",
  connection_id: "1",
  bank: "Plain Bank",
  name: "Nightly",
  in_words: "every day at 02:00, Europe/London",
  frequency: "daily",
  run_time: "02:00:00",
  time_zone: "Europe/London",
  weekday: null,
  day_of_month: null,
  cron: null,
  days_back: 84,
  incremental: true,
  account_ids: [],
  auto_enrich: true,
  enrich_time: null,
  enabled: true,
  overlap: "skip",
  catch_up: "one",
  jitter_minutes: 15,
  pause_after_failures: 3,
  failures_in_a_row: 0,
  paused_at: null,
  paused_by: null,
  pause_reason: null,
  last_run: "2026-11-24T02:03:00Z",
  last_status: "completed",
  last_job_id: "12",
  next_run: "2099-11-26T02:00:00Z",
  fires_at: "2099-11-26T02:07:31Z",
  created_at: "2026-11-01T00:00:00Z",
};

const PREVIEW: SchedulePreview = {
  in_words: "every day at 02:00, Europe/London",
  runs: [
    {
      number: 1,
      scheduled_for: "2099-11-26T02:00:00Z",
      in_words: "Thu 26 Nov 2099, 02:00 GMT",
      fires_from: "2099-11-26T02:00:00Z",
      fires_until: "2099-11-26T02:15:00Z",
      shift: null,
      calls: 9,
      allowance_spent: 1,
      allowance: 4,
      warnings: [],
    },
  ],
  warnings: [
    { code: "consent_ends", message: "the consent ends before run 5 of 8, on Mon; renew it before then", run: 5 },
  ],
};

const MISSED: ScheduleRun = {
  run_id: "3",
  schedule_id: "7",
  scheduled_for: "2026-11-23T02:00:00Z",
  trigger: "catch_up",
  state: "missed",
  from_day: "2026-09-01",
  to_day: "2026-11-23",
  reason: "the system was down at its time; the next run covers its days",
  error_code: null,
  job_id: null,
  started_at: null,
  ended_at: "2026-11-24T02:03:00Z",
  duration_seconds: null,
  transactions_imported: null,
  duplicates: null,
  errors: null,
  api_calls: null,
};

const BANK = {
  id: "1",
  bank: "Plain Bank",
  bank_id: "sim-plain",
  status: "active",
  authorised_at: "2026-11-01T00:00:00Z",
  deep_history_until: "2026-11-01T00:05:00Z",
  consent_expires_at: null,
  consent_state: "unknown",
  consent_days_left: null,
  time_zone: "Europe/London",
  created_at: "2026-11-01T00:00:00Z",
  last_error: null,
};

test("loading schedules, and no schedules", async () => {
  server.use(hang("get", PATH));
  const view = show(<SchedulesPage />);
  expect(await screen.findByRole("status")).toHaveTextContent("Loading schedules");
  view.unmount();

  server.use(answer("get", PATH, { schedules: [] }));
  show(<SchedulesPage />);
  expect(await screen.findByRole("heading", { name: "No schedules yet" })).toBeVisible();
  expect(screen.getByRole("link", { name: "New schedule" })).toHaveAttribute("href", "/schedules/new");
});

test("schedules that cannot be loaded say why and can be retried", async () => {
  server.use(refuse("get", PATH, 503, "database_unreachable", "the database cannot be reached"));
  show(<SchedulesPage />);

  expect(await screen.findByRole("alert")).toHaveTextContent("the database cannot be reached");
  server.use(answer("get", PATH, { schedules: [SCHEDULE] }));
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("article", { name: "Nightly" })).toBeVisible();
});

test("a schedule shows its next run and how the last run ended", async () => {
  server.use(answer("get", PATH, { schedules: [SCHEDULE] }));
  show(<SchedulesPage />);

  const card = within(await screen.findByRole("article", { name: "Nightly" }));
  expect(card.getByText(/every day at 02:00/)).toBeVisible();
  expect(card.getByText("completed")).toBeVisible();
  expect(card.getByRole("link", { name: "import 12" })).toHaveAttribute("href", "/imports/12");
});

test("a paused schedule says why and is resumed", async () => {
  const reason = "3 runs in a row failed; the last one: the bank said no";
  const paused: Schedule = { ...SCHEDULE, enabled: false, paused_by: "failures", pause_reason: reason, fires_at: null };
  let isPaused = true;
  server.use(
    http.get(`*${PATH}`, () => HttpResponse.json({ schedules: [isPaused ? paused : SCHEDULE] })),
    http.post(`*${PATH}/7/resume`, () => {
      isPaused = false;
      return HttpResponse.json(SCHEDULE);
    }),
  );
  show(<SchedulesPage />);

  expect(await screen.findByText(reason)).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Resume" }));
  expect(await screen.findByRole("button", { name: "Pause" })).toBeVisible();
  expect(screen.queryByText(reason)).not.toBeInTheDocument();
});

test("the reason why a run cannot start is shown", async () => {
  server.use(
    answer("get", PATH, { schedules: [SCHEDULE] }),
    refuse("post", `${PATH}/7/run`, 409, "schedule_busy", "a run of this schedule is in progress as import 12"),
  );
  show(<SchedulesPage />);

  await userEvent.click(await screen.findByRole("button", { name: "Run now" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("in progress as import 12");
});

test("a new schedule previews its next runs while it is edited, and is saved as previewed", async () => {
  const requests: Record<string, unknown>[] = [];
  let saved: Record<string, unknown> = {};
  server.use(
    answer("get", "/api/truelayer/connections", { connections: [BANK] }),
    answer("get", "/api/truelayer/connections/1/accounts", { accounts: [] }),
    http.post(`*${PATH}/preview`, async ({ request }) => {
      // The page sends an object; it is what the test is about.
      requests.push((await request.json()) as Record<string, unknown>);
      return HttpResponse.json(PREVIEW);
    }),
    http.post(`*${PATH}`, async ({ request }) => {
      saved = (await request.json()) as Record<string, unknown>;
      return HttpResponse.json(SCHEDULE, { status: 201 });
    }),
  );
  const view = show(<NewSchedulePage connectionId={undefined} />);

  expect(await screen.findByText("Thu 26 Nov 2099, 02:00 GMT")).toBeVisible();
  expect(screen.getByText(/The consent ends before run 5 of 8/)).toBeVisible();
  await userEvent.click(screen.getByRole("radio", { name: "Weekly" }));
  expect(await screen.findByLabelText("Weekday", { selector: "input" })).toHaveValue("Monday");
  await waitFor(() => expect(requests.at(-1)).toMatchObject({ frequency: "weekly", weekday: 1, count: 8 }));
  await userEvent.click(screen.getByRole("button", { name: "Schedule it" }));

  await waitFor(() => expect(view.router.state.location.pathname).toBe("/schedules/7"));
  expect(saved).toMatchObject({
    connection_id: "1",
    frequency: "weekly",
    weekday: 1,
    incremental: true,
    days_back: 84,
  });
});

test("an invalid rule is reported beside the form", async () => {
  server.use(
    answer("get", "/api/truelayer/connections", { connections: [BANK] }),
    answer("get", "/api/truelayer/connections/1/accounts", { accounts: [] }),
    refuse("post", `${PATH}/preview`, 422, "schedule_invalid", "the cron expression '* * * * *' runs 1 minute after"),
  );
  show(<NewSchedulePage connectionId="1" />);

  await userEvent.click(await screen.findByRole("radio", { name: "Cron" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("Preview failed");
  expect(screen.getByRole("button", { name: "Schedule it" })).toBeEnabled();
});

test("without a bank there is nothing to schedule", async () => {
  server.use(answer("get", "/api/truelayer/connections", { connections: [] }));
  show(<NewSchedulePage connectionId={undefined} />);

  expect(await screen.findByRole("link", { name: "Connect a bank" })).toHaveAttribute("href", "/connections");
});

test("a schedule's page shows its history with missed runs and why", async () => {
  server.use(
    answer("get", `${PATH}/7`, SCHEDULE),
    answer("get", `${PATH}/7/preview`, PREVIEW),
    answer("get", `${PATH}/7/history`, { runs: [MISSED], next_cursor: null }),
  );
  show(<SchedulePage scheduleId="7" />);

  const row = within(await screen.findByRole("table", { name: "Runs" }));
  expect(row.getByText("missed")).toBeVisible();
  expect(row.getByText(/the next run covers its days/)).toBeVisible();
  expect(screen.getByText(/missing days of the last 84 days/)).toBeVisible();
});

test("another user's schedule is not found", async () => {
  server.use(
    refuse("get", `${PATH}/7`, 404, "schedule_not_found", "you have no schedule 7"),
    refuse("get", `${PATH}/7/preview`, 404, "schedule_not_found", "you have no schedule 7"),
  );
  show(<SchedulePage scheduleId="7" />);

  expect(await screen.findByRole("alert")).toHaveTextContent("you have no schedule 7");
});

test("an incomplete form sends no request", () => {
  const values = newSchedule("1");

  expect(requestOf(values)).toMatchObject({ frequency: "daily", run_time: "02:00", weekday: null, cron: null });
  expect(requestOf({ ...values, runTime: "" })).toBeNull();
  expect(requestOf({ ...values, daysBack: "" })).toBeNull();
  expect(requestOf({ ...values, frequency: "monthly", dayOfMonth: "" })).toBeNull();
  expect(requestOf({ ...values, frequency: "cron", cron: " " })).toBeNull();
  expect(requestOf({ ...values, connectionId: null })).toBeNull();
  expect(requestOf({ ...values, pauseAfter: 0 })?.pause_after_failures).toBeNull();
});
