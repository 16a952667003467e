import { act, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, it, vi } from "vitest";
import { CATEGORIES } from "../../test/enrichment";
import { show } from "../../test/render";
import { answer, refuse, server } from "../../test/server";
import { CategoriesPage } from "./CategoriesPage";

const PATH = "/api/truelayer/enrichment/categories";
const sent = vi.fn();

beforeEach(() => {
  sent.mockClear();
  server.use(
    answer("get", PATH, { categories: CATEGORIES }),
    answer("get", "/api/transactions/categories", {
      categories: [
        { name: "Groceries", rows: 12 },
        { name: "Boats", rows: 2 },
      ],
      uncategorised: 0,
    }),
    http.patch(`*${PATH}/:id`, async ({ request, params }) => {
      sent(params.id, await request.json());
      return HttpResponse.json(CATEGORIES[1]);
    }),
    http.post(`*${PATH}`, async ({ request }) => {
      sent("new", await request.json());
      return HttpResponse.json(CATEGORIES[1], { status: 201 });
    }),
  );
});

it("a category is renamed after a preview, and that is undone", async () => {
  show(<CategoriesPage />);
  await userEvent.click(await screen.findByRole("button", { name: "Change Groceries" }));
  const dialog = await screen.findByRole("dialog", { name: "Change Groceries" });
  const name = within(dialog).getByLabelText("Name");
  expect(within(dialog).getByRole("button", { name: "Save" })).toBeDisabled();
  await userEvent.clear(name);
  await userEvent.type(name, "Food shop");
  expect(within(dialog).getByRole("status")).toHaveTextContent("12 rows have this category");
  await userEvent.click(within(dialog).getByRole("button", { name: "Save" }));
  await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
  await expect
    .poll(() => sent.mock.calls)
    .toEqual([
      ["2", { name: "Food shop" }],
      ["2", { name: "Groceries" }],
    ]);
});

it("archived ones are hidden until requested, and can be restored", async () => {
  show(<CategoriesPage />);
  const list = await screen.findByRole("list", { name: "Categories" });
  expect(within(list).queryByText("Old")).toBeNull();
  await userEvent.click(screen.getByRole("switch", { name: "Show archived (1)" }));
  await userEvent.click(within(list).getByRole("button", { name: "Restore Old" }));
  await userEvent.click(screen.getByRole("button", { name: "Archive Fuel" }));
  await expect
    .poll(() => sent.mock.calls)
    .toEqual([
      ["4", { is_archived: false }],
      ["3", { is_archived: true }],
    ]);
});

it("what a button with an icon does is shown when it is pointed at or focused", async () => {
  show(<CategoriesPage />);
  const button = await screen.findByRole("button", { name: "Archive Fuel" });
  expect(screen.queryByRole("tooltip")).toBeNull();
  await userEvent.hover(button);
  expect(await screen.findByRole("tooltip")).toHaveTextContent("Archive Fuel");
  await userEvent.unhover(button);
  await expect.poll(() => screen.queryByRole("tooltip")).toBeNull();
  act(() => button.focus());
  expect(await screen.findByRole("tooltip")).toHaveTextContent("Archive Fuel");
});

it("a new one can have a parent, and words on rows can become categories", async () => {
  show(<CategoriesPage />);
  await userEvent.click(await screen.findByRole("button", { name: "Add a category under Food" }));
  await userEvent.type(await screen.findByLabelText("Name"), "Bakery");
  await userEvent.click(screen.getByRole("button", { name: "Add it" }));
  await userEvent.click(await screen.findByRole("button", { name: "Add Boats as a category" }));
  await expect
    .poll(() => sent.mock.calls)
    .toEqual([
      ["new", { name: "Bakery", colour: "#e8590c", parent_id: "1" }],
      ["new", { name: "Boats", parent_id: null, colour: "#868e96" }],
    ]);
});

it("a name that is taken is refused in the dialog, and nothing is lost", async () => {
  server.use(refuse("patch", `${PATH}/2`, 409, "category_exists", "you already have a category 'Fuel'"));
  show(<CategoriesPage />);
  await userEvent.click(await screen.findByRole("button", { name: "Change Groceries" }));
  await userEvent.type(await screen.findByLabelText("Name"), "x");
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText("you already have a category 'Fuel'")).toBeVisible();
  expect(screen.getByLabelText("Name")).toHaveValue("Groceriesx");
});

it("a failed load can be retried", async () => {
  server.use(refuse("get", PATH, 500, "unknown", "the server stumbled"));
  show(<CategoriesPage />);
  expect(await screen.findByRole("button", { name: "Try again" })).toBeVisible();
});

it("a category is merged into another after a preview, and the merge is undone", async () => {
  const moved = { rows: 12, rules: 2, corrections: 1, remembered: 0, children: 0 };
  server.use(
    answer("post", `${PATH}/2/merge/preview`, moved),
    http.post(`*${PATH}/:id/merge`, async ({ request, params }) => {
      sent(params.id, await request.json());
      return HttpResponse.json(moved);
    }),
    http.post(`*${PATH}/:id/merge/undo`, ({ params }) => {
      sent(params.id, "undo");
      return HttpResponse.json({ category: CATEGORIES[1], rows_back: 11, changed_since: 1 });
    }),
  );
  show(<CategoriesPage />);
  await userEvent.click(await screen.findByRole("button", { name: "Change Groceries" }));
  await userEvent.click(await screen.findByRole("button", { name: "Merge into another…" }));
  const dialog = await screen.findByRole("dialog", { name: "Merge Groceries into another" });
  expect(within(dialog).getByRole("button", { name: "Merge" })).toBeDisabled();
  await userEvent.click(within(dialog).getByRole("combobox", { name: "Into" }));
  await userEvent.click(await screen.findByRole("option", { name: "Fuel" }));
  expect(await within(dialog).findByRole("status")).toHaveTextContent(
    "12 rows, 2 rules, 1 correction, and 0 cached answers",
  );
  await userEvent.click(within(dialog).getByRole("button", { name: "Merge" }));
  await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
  expect(await screen.findByText("Groceries has 11 rows again; 1 row changed since then stays.")).toBeVisible();
  expect(sent.mock.calls).toEqual([
    ["2", { into_id: "3" }],
    ["2", "undo"],
  ]);
});
