import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { show } from "../../test/render";
import { answer, server } from "../../test/server";
import { AuditPage } from "./AuditPage";

const AT = "2026-06-17T10:00:00Z";
const OWN = {
  id: "9",
  user: "ada@example.org",
  action: "schedule.run_now",
  details: { schedule_id: 7 },
  created_at: AT,
};
const OTHER = { id: "8", user: null, action: "queue.paused", details: {}, created_at: AT };

it("an administrator sees their own entries, and everybody's on request", async () => {
  server.use(
    answer("get", "/api/auth/me", { id: "1", email: "ada@example.org", role: "admin" }),
    answer("get", "/api/audit", { entries: [OWN], next_cursor: null }),
    answer("get", "/api/audit/all", { entries: [OWN, OTHER], next_cursor: null }),
  );
  show(<AuditPage />);

  const table = await screen.findByRole("table", { name: "Audit log" });
  // The details are a cell beside what happened, and on a phone a line below it.
  expect(within(table).getByRole("cell", { name: /^schedule run now/ })).toBeVisible();
  expect(within(table).getByRole("cell", { name: "schedule id 7" })).toBeVisible();
  expect(screen.queryByText("queue paused")).toBeNull();
  await userEvent.setup().click(screen.getByRole("switch", { name: "All users" }));

  expect(await screen.findByText("queue paused")).toBeVisible();
  expect(screen.getByText("the installation")).toBeVisible();
  expect(screen.getByRole("link", { name: "Download as JSON lines" })).toHaveAttribute("href", "/api/audit/all/export");
});
