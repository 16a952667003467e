import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { show } from "../../test/render";
import { monthsOf } from "./days";
import { MonthCalendar } from "./MonthCalendar";

const [JANUARY] = monthsOf([
  {
    from: "2026-01-01",
    to: "2026-01-10",
    state: "answered",
    proof: "proven",
    why: null,
    error_code: null,
    missing_amount: null,
    refetch: null,
    is_before_history: false,
  },
  {
    from: "2026-01-11",
    to: "2026-01-11",
    state: "answered",
    proof: "broken",
    why: "sum_differs",
    error_code: null,
    missing_amount: "-3.20",
    refetch: null,
    is_before_history: false,
  },
  {
    from: "2026-01-12",
    to: "2026-01-20",
    state: "refused",
    proof: "unprovable",
    why: "not_held",
    error_code: "sca_exceeded",
    missing_amount: null,
    refetch: null,
    is_before_history: false,
  },
]);

function calendar() {
  if (JANUARY === undefined) throw new Error("the strip has no month");
  const onChooseDay = vi.fn();
  show(
    <MonthCalendar
      month={JANUARY}
      currency="GBP"
      chosen={null}
      hasBefore={false}
      hasAfter
      onChooseDay={onChooseDay}
      onChooseMonth={() => undefined}
    />,
  );
  return onChooseDay;
}

it("describes each day's state in words, what is missing and why", async () => {
  calendar();
  expect(
    await screen.findByRole("button", { name: /11 Jan 2026: broken: the rows do not add up .*£3\.20 missing/ }),
  ).toBeEnabled();
  expect(screen.getByRole("button", { name: /12 Jan 2026: refused by the bank: sca exceeded/ })).toBeEnabled();
  expect(screen.getByRole("button", { name: /25 Jan 2026: unknown/ })).toBeDisabled();
  expect(screen.getByRole("button", { name: "Previous month" })).toBeDisabled();
});

it("is navigated with the arrow keys as a single tab stop", async () => {
  const onChooseDay = calendar();
  const user = userEvent.setup();
  (await screen.findByRole("button", { name: /^1 Jan 2026/ })).focus();
  await user.keyboard("{ArrowDown}{ArrowRight}{ArrowRight}{ArrowRight}{Enter}");
  expect(onChooseDay).toHaveBeenCalledWith("2026-01-11");
  expect(screen.getAllByRole("button").filter((button) => button.tabIndex === 0 && button.dataset.number)).toHaveLength(
    1,
  );
});
