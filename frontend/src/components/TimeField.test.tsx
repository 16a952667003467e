import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test, vi } from "vitest";
import { show } from "../test/render";
import { TimeField } from "./TimeField";

function Held({ isOptional = false, onTime }: { isOptional?: boolean; onTime: (time: string) => void }) {
  const [time, setTime] = useState("06:00");
  return (
    <TimeField
      label="Time"
      isOptional={isOptional}
      value={time}
      onChange={(next) => {
        setTime(next);
        onTime(next);
      }}
    />
  );
}

test("a time is read as it is typed and written in 24 hours", async () => {
  const onTime = vi.fn();
  show(<Held onTime={onTime} />);
  const field = await screen.findByRole("textbox", { name: "Time" });

  for (const [typed, written] of [
    ["19:05", "19:05"],
    ["730", "07:30"],
    ["7:30 pm", "19:30"],
  ] as const) {
    await userEvent.clear(field);
    await userEvent.type(field, typed);
    await userEvent.tab();
    expect(field).toHaveValue(written);
    expect(onTime).toHaveBeenLastCalledWith(written);
  }
});

test("an unreadable time stays, is explained and blocks its form; an empty field goes back", async () => {
  const onTime = vi.fn();
  show(<Held onTime={onTime} />);
  const field = await screen.findByRole<HTMLInputElement>("textbox", { name: "Time" });

  await userEvent.clear(field);
  await userEvent.type(field, "25:00");
  await userEvent.tab();
  expect(screen.getByText(/such as 07:30/)).toBeVisible();
  expect(field).toHaveValue("25:00");
  expect(field).toBeInvalid();
  expect(field.validity.valid).toBe(false);

  await userEvent.clear(field);
  await userEvent.tab();
  expect(field).toHaveValue("06:00");
  expect(field).toBeValid();
  expect(onTime).not.toHaveBeenCalled();
});

test("an optional time can be emptied", async () => {
  const onTime = vi.fn();
  show(<Held isOptional onTime={onTime} />);
  const field = await screen.findByRole("textbox", { name: "Time" });

  await userEvent.clear(field);
  await userEvent.tab();
  expect(onTime).toHaveBeenCalledExactlyOnceWith("");
  expect(field).toHaveValue("");
});
