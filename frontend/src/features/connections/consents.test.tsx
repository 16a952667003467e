import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { ConsentClock } from "../../components/ConsentClock";
import { show } from "../../test/render";
import { answer, refuse, server } from "../../test/server";
import { ConsentCalendar } from "./ConsentCalendar";

const PATH = "/api/truelayer/connections/calendar";

test.each([
  ["fine", 80, "consent for 80 days"],
  ["ending", 1, "consent for 1 day"],
  ["ending", 0, "consent ends within a day"],
  ["ended", 0, "consent has ended"],
  ["unknown", null, "consent end unknown"],
] as const)("a consent that is %s with %s days left", async (state, daysLeft, words) => {
  show(<ConsentClock state={state} endsAt={null} daysLeft={daysLeft} />);

  expect(await screen.findByText(words)).toBeVisible();
});

test("the calendar's address is shown on request, and renewed after a confirmation", async () => {
  server.use(
    answer("get", PATH, { url: "https://money.example.org/api/calendar/old.ics", created_at: "2026-11-01T00:00:00Z" }),
    answer("post", `${PATH}/renew`, {
      url: "https://money.example.org/api/calendar/new.ics",
      created_at: "2026-11-25T00:00:00Z",
    }),
  );
  show(<ConsentCalendar />);

  await userEvent.click(await screen.findByRole("button", { name: "Show the address" }));
  const address = await screen.findByLabelText(/Address of the calendar/);
  expect(address).toHaveValue("https://money.example.org/api/calendar/old.ics");
  await userEvent.click(screen.getByRole("button", { name: "New address" }));
  expect(await screen.findByText(/The old address stops working/)).toBeVisible();
  const dialog = within(screen.getByRole("dialog"));
  await userEvent.click(dialog.getByRole("button", { name: "New address" }));
  expect(await screen.findByDisplayValue("https://money.example.org/api/calendar/new.ics")).toBeVisible();
});

test("a calendar that cannot be read says why", async () => {
  server.use(refuse("get", PATH, 503, "database_unreachable", "the database cannot be reached"));
  show(<ConsentCalendar />);

  await userEvent.click(await screen.findByRole("button", { name: "Show the address" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("the database cannot be reached");
});
