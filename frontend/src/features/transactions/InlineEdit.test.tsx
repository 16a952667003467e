import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { show } from "../../test/render";
import { InlineEdit } from "./InlineEdit";

async function edit(suggestions = ["Groceries", "Dog food"]) {
  const onSave = vi.fn();
  const onCancel = vi.fn();
  show(
    <>
      <InlineEdit
        label="Category"
        value="Groceries"
        maxLength={100}
        suggestions={suggestions}
        onSave={onSave}
        onCancel={onCancel}
      />
      <button type="button">Elsewhere</button>
    </>,
  );
  await screen.findByRole("combobox", { name: "Category" });
  return { onSave, onCancel };
}

describe("editing a category in place", () => {
  it("replaces the old word by what is typed", async () => {
    const { onSave } = await edit();

    await userEvent.keyboard("Dog food{Enter}");

    expect(onSave).toHaveBeenCalledExactlyOnceWith("Dog food");
  });

  it("saves a known word as it is spelled", async () => {
    const { onSave } = await edit();

    await userEvent.keyboard("dog FOOD{Enter}");

    expect(onSave).toHaveBeenCalledExactlyOnceWith("Dog food");
  });

  it("does not save a word that nobody confirmed", async () => {
    const { onSave, onCancel } = await edit();

    await userEvent.keyboard("Dog fo");
    await userEvent.click(screen.getByRole("button", { name: "Elsewhere" }));

    expect(onSave).not.toHaveBeenCalled();
    expect(onCancel).toHaveBeenCalledOnce();
  });
});

it("editing a merchant saves what was typed when the field is left", async () => {
  const { onSave } = await edit([]);

  await userEvent.keyboard("Corner shop");
  await userEvent.click(screen.getByRole("button", { name: "Elsewhere" }));

  expect(onSave).toHaveBeenCalledExactlyOnceWith("Corner shop");
});
