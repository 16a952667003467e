import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { show } from "../../test/render";
import { answer, refuse, server } from "../../test/server";
import { HealthPage } from "./HealthPage";

const HEALTH = {
  state: "fail",
  checks: [
    { name: "database", state: "ok", found: "reached", remedy: "" },
    { name: "workers", state: "fail", found: "no worker has a recent heartbeat", remedy: "start one" },
  ],
  processes: [
    {
      name: "host:12",
      kind: "api",
      version: "0.1.0",
      started_at: "2026-11-25T10:00:00Z",
      seen_at: "2026-11-25T10:00:05Z",
      figures: { memory_bytes: 120_000_000 },
    },
  ],
  queue_depth: 0,
  queue_age_seconds: 0,
  messages: { bankimport: 0 },
  flower_url: "http://127.0.0.1:5555",
};

test("failing parts are shown with what to do, and Flower is one click away", async () => {
  server.use(answer("get", "/api/health", HEALTH));
  show(<HealthPage />);

  const workers = await screen.findByRole("article", { name: "workers" });
  expect(within(workers).getByText("failing")).toBeVisible();
  expect(within(workers).getByText("start one")).toBeVisible();
  expect(screen.getByRole("row", { name: /host:12 api .* 120 MB/ })).toBeVisible();
  expect(screen.getByRole("link", { name: /Flower/ })).toHaveAttribute("href", HEALTH.flower_url);
});

test('unavailable health is an error, not "ok"', async () => {
  server.use(refuse("get", "/api/health", 503, "database_unreachable", "the database cannot be reached"));
  show(<HealthPage />);

  expect(await screen.findByText(/the database cannot be reached/)).toBeVisible();
  expect(screen.queryByText("well")).not.toBeInTheDocument();
});
