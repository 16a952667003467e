import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { useState } from "react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { CATEGORIES } from "../../test/enrichment";
import { show } from "../../test/render";
import { answer, hang, refuse, server } from "../../test/server";
import { aTransaction } from "../../test/transactions";
import type { Search } from "./filters";
import { TransactionsPage } from "./TransactionsPage";

const ROWS = [
  aTransaction({ id: "3", description: "BAKERY" }),
  aTransaction({ id: "2" }),
  aTransaction({ id: "1", amount: "20" }),
];
const TOTALS = {
  rows: 3,
  pending: 0,
  currencies: [{ currency: "GBP", rows: 3, pending: 0, money_in: "20", money_out: "-7.00", net: "13.00" }],
};

/** Answers booked rows with `booked` and pending ones with `pending`. */
function rows(booked: object[], pending: object[] = []) {
  return http.get("*/api/transactions", ({ request }) => {
    const isPending = new URL(request.url).searchParams.get("status") === "pending";
    return HttpResponse.json({ transactions: isPending ? pending : booked, next_cursor: null });
  });
}

beforeEach(() => {
  server.use(
    answer("get", "/api/truelayer/connections", { connections: [] }),
    answer("get", "/api/transactions/categories", { categories: [{ name: "Food", rows: 2 }], uncategorised: 1 }),
    answer("get", "/api/transactions/totals", TOTALS),
    answer("get", "/api/transactions/saved-filters", {
      filters: [{ name: "Large", search: { least: "500", category: "Trip" } }],
    }),
    answer("get", "/api/truelayer/enrichment/categories", { categories: CATEGORIES }),
    rows(ROWS),
  );
});

function open(search = {}) {
  const onSearch = vi.fn();
  return { onSearch, ...show(<TransactionsPage search={search} onSearch={onSearch} />) };
}

describe("its states", () => {
  it("shows the shape of rows while they are loaded", async () => {
    server.use(hang("get", "/api/transactions"));
    open();
    expect(await screen.findByText("Loading transactions")).toBeInTheDocument();
  });

  it("says what to do if nothing was imported", async () => {
    server.use(rows([]), answer("get", "/api/transactions/totals", { rows: 0, pending: 0, currencies: [] }));
    open();
    expect(await screen.findByRole("heading", { name: "No transactions yet" })).toBeVisible();
    expect(screen.getByRole("button", { name: "Export" })).toBeDisabled();
  });

  it("says that no rows match the filters, and clears them", async () => {
    server.use(rows([]));
    const { onSearch } = open({ q: "no such shop" });
    await userEvent.click(await screen.findByRole("button", { name: "Clear the filters" }));
    expect(onSearch).toHaveBeenCalledWith({});
  });

  it("says what went wrong and tries again", async () => {
    server.use(refuse("get", "/api/transactions", 503, "database_unreachable", "the database cannot be reached"));
    open();
    expect(await screen.findByText("the database cannot be reached")).toBeVisible();
    server.use(rows(ROWS));
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByText("BAKERY")).toBeVisible();
  });

  it("sums up the filtered rows, and counts pending rows separately", async () => {
    server.use(
      rows(ROWS, [aTransaction({ id: "9", description: "NOT YET", status: "pending" })]),
      answer("get", "/api/transactions/totals", { ...TOTALS, rows: 4, pending: 1 }),
    );
    open();
    const totals = await screen.findByRole("region", { name: "Totals" });
    expect(totals).toHaveTextContent("4 transactions (1 pending)");
    expect(totals).toHaveTextContent("Net +£13.00");
    expect(within(await screen.findByRole("region", { name: "Pending" })).getByText(/NOT YET/)).toBeVisible();
    expect(within(screen.getByRole("grid")).queryByText(/NOT YET/)).toBeNull();
  });
});

describe("keys", () => {
  it("search and list themselves, but not while a text is typed", async () => {
    open();
    await screen.findByText("BAKERY");
    const field = screen.getByRole("textbox", { name: "Search" });

    await userEvent.keyboard("/");
    expect(field).toHaveFocus();
    expect(field).toHaveValue("");
    await userEvent.keyboard("?");
    expect(field).toHaveValue("?");
    expect(screen.queryByRole("dialog")).toBeNull();
    field.blur();
    await userEvent.keyboard("?");
    expect(await screen.findByRole("dialog", { name: "Keys" })).toHaveTextContent("Select all rows from");
  });
});

describe("new rows", () => {
  it("are shown at once at the top of the list, and announced while rows are selected", async () => {
    server.use(answer("get", "/api/transactions/totals", TOTALS));
    const { client } = open();
    await screen.findByText("BAKERY");
    server.use(
      rows([aTransaction({ id: "4", description: "NEW ONE" }), ...ROWS]),
      answer("get", "/api/transactions/totals", { ...TOTALS, rows: 4 }),
    );
    await client.invalidateQueries();
    expect(await screen.findByText("NEW ONE")).toBeVisible();

    await userEvent.click(screen.getByRole("checkbox", { name: "Select BAKERY" }));
    server.use(rows(ROWS), answer("get", "/api/transactions/totals", TOTALS));
    await client.invalidateQueries();
    await userEvent.click(await screen.findByRole("button", { name: "Reload the list" }));
    await waitFor(() => expect(screen.queryByText("NEW ONE")).toBeNull());
  });
});

describe("its filters", () => {
  it("go into the address, texts once typing pauses", async () => {
    const { onSearch } = open({ direction: "out" });
    await userEvent.type(await screen.findByLabelText("Search"), "coffee");
    await waitFor(() => expect(onSearch).toHaveBeenCalledWith({ direction: "out", q: "coffee" }, { replace: true }));
    await userEvent.click(screen.getByRole("button", { name: "Remove the filter money out" }));
    expect(onSearch).toHaveBeenLastCalledWith({}, { replace: true });
  });
});

describe("its keys", () => {
  it("move through the rows, open one and select one", async () => {
    const { onSearch } = open();
    const grid = await screen.findByRole("grid", { name: "Transactions" });
    grid.focus();
    await userEvent.keyboard("{ArrowDown}{Enter}");
    expect(onSearch).toHaveBeenCalledWith({ row: "2" });
    expect(grid).toHaveAttribute("aria-activedescendant", "transaction-2");
    await userEvent.keyboard(" ");
    expect(await screen.findByRole("region", { name: "Selected rows" })).toHaveTextContent("1 selected");
    await userEvent.keyboard("{End} ");
    expect(screen.getByRole("region", { name: "Selected rows" })).toHaveTextContent("2 selected");
  });
});

describe("the drawer", () => {
  function Page() {
    const [search, setSearch] = useState<Search>({});
    return <TransactionsPage search={search} onSearch={setSearch} />;
  }

  it("gives the keys back to the row that it showed last", async () => {
    server.use(hang("get", "/api/transactions/:id"), hang("get", "/api/transactions/:id/provenance"));
    show(<Page />);
    const grid = await screen.findByRole("grid", { name: "Transactions" });
    grid.focus();
    await userEvent.keyboard("{Enter}");
    await userEvent.click(await screen.findByRole("button", { name: "Next" }));
    await userEvent.keyboard("{Escape}");

    await waitFor(() => expect(grid).toHaveFocus());
    expect(grid).toHaveAttribute("aria-activedescendant", "transaction-2");
  });
});

describe("an edit", () => {
  async function rowOfBakery() {
    const row = (await screen.findByText("BAKERY")).closest<HTMLElement>("[role=row]");
    if (row === null) throw new Error("the text is not in a row");
    return row;
  }

  async function setCategory(name: string) {
    const row = await rowOfBakery();
    await userEvent.click(within(row).getByRole("button", { name: "Add a category" }));
    await userEvent.type(within(row).getByRole("combobox", { name: "Category of BAKERY" }), `${name}{Enter}`);
    return row;
  }

  it("shows at once, and is reverted if the API refuses it", async () => {
    let refuseIt: () => void = () => undefined;
    const refused = new Promise<void>((resolve) => {
      refuseIt = resolve;
    });
    server.use(
      http.post("*/api/transactions/edits", async () => {
        await refused;
        return HttpResponse.json({ code: "invalid_request", message: "that is no category" }, { status: 422 });
      }),
    );
    open();
    const row = await setCategory("Bread");
    expect(within(row).getByText("Bread")).toBeVisible();
    refuseIt();
    expect(await screen.findByText("that is no category")).toBeVisible();
    expect(within(row).queryByText("Bread")).toBeNull();
  });

  it("is undone from its toast", async () => {
    const [row] = ROWS;
    const undone = vi.fn();
    server.use(
      answer("post", "/api/transactions/edits", {
        transactions: [{ ...row, category: "Bread", category_source: "user" }],
        change_ids: ["77"],
      }),
      http.post("*/api/transactions/edits/undo", async ({ request }) => {
        undone(await request.json());
        return HttpResponse.json({ transactions: [row], changed_since: [] });
      }),
    );
    open();
    const shown = await setCategory("Bread");
    expect(await screen.findByText("Category: Bread")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Undo" }));
    expect(await screen.findByText("Edit undone.")).toBeVisible();
    expect(undone).toHaveBeenCalledWith({ change_ids: ["77"] });
    expect(within(shown).queryByText("Bread")).toBeNull();
  });

  it("can become a rule, and offers no archived category", async () => {
    const [row] = ROWS;
    server.use(
      answer("post", "/api/transactions/edits", {
        transactions: [{ ...row, category: "Fuel", category_source: "user" }],
        change_ids: ["77"],
      }),
    );
    const { router } = open();
    const shown = await rowOfBakery();
    await userEvent.click(within(shown).getByRole("button", { name: "Add a category" }));
    await userEvent.click(within(shown).getByRole("combobox", { name: "Category of BAKERY" }));
    expect(screen.queryByRole("option", { name: "Old", hidden: true })).toBeNull();
    await userEvent.click(await screen.findByRole("option", { name: "Fuel", hidden: true }));
    await userEvent.click(await screen.findByRole("button", { name: "Create a rule…" }));
    expect(router.state.location).toMatchObject({
      pathname: "/enrichment/rules/new",
      search: { row: Number(row?.id), category: "Fuel" },
    });
  });
});

describe("everything that matches", () => {
  it("is selected with its count, edited on the server, and undone by Ctrl+Z once", async () => {
    const requests: [string, unknown][] = [];
    function note(path: string, body: object) {
      return http.post(`*/api/transactions/edits/${path}`, async ({ request }) => {
        requests.push([path + new URL(request.url).search, await request.json()]);
        return HttpResponse.json(body);
      });
    }
    server.use(
      answer("get", "/api/transactions/totals", { ...TOTALS, rows: 12_345 }),
      note("matching", { rows: 12_345, bulk_edit_id: "7d1c" }),
      note("matching/undo", { rows: 12_345, changed_since: 0 }),
    );
    open({ direction: "out" });
    await userEvent.click(await screen.findByRole("checkbox", { name: "Select all rows that are loaded" }));
    await userEvent.click(await screen.findByRole("button", { name: "Select all 12,345 that match" }));
    const bar = screen.getByRole("region", { name: "Selected rows" });
    expect(within(bar).getByText("All 12,345 rows that match are selected")).toBeVisible();
    await userEvent.type(within(bar).getByRole("combobox", { name: "Category for all of them" }), "Trip");
    await userEvent.click(within(bar).getByRole("button", { name: "Set for all" }));
    expect(await screen.findByText("Category of 12,345 rows: Trip")).toBeVisible();
    await userEvent.keyboard("{Control>}z{/Control}");
    expect(await screen.findByText("Edit undone.")).toBeVisible();
    await userEvent.keyboard("{Control>}z{/Control}");
    expect(requests).toEqual([
      ["matching?status=booked&direction=out", { category: "Trip" }],
      ["matching/undo", { bulk_edit_id: "7d1c" }],
    ]);
  });
});

it("shows rows in another order on request", async () => {
  const { onSearch } = open({ direction: "out" });
  await userEvent.click(await screen.findByRole("combobox", { name: "Order" }));
  await userEvent.click(await screen.findByRole("option", { name: "Largest amount first" }));
  expect(onSearch).toHaveBeenCalledWith({ direction: "out", sort: "largest" }, { replace: true });
});

it("saves filters under a name and uses saved ones", async () => {
  const saved: unknown[] = [];
  server.use(
    http.put("*/api/transactions/saved-filters", async ({ request }) => {
      const body = (await request.json()) as object;
      saved.push(body);
      return HttpResponse.json(body);
    }),
  );
  const { onSearch } = open({ category: "Food", uncategorised: true });
  await userEvent.click(await screen.findByRole("button", { name: "Saved filters" }));
  await userEvent.type(await screen.findByRole("textbox", { name: "Name of these filters" }), "Meals");
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  const large = { name: "Large", search: { least: "500", category: "Trip" } };
  const meals = { name: "Meals", search: { category: "Food", uncategorised: true } };
  expect(await screen.findByRole("button", { name: "Meals" })).toBeVisible();
  expect(saved).toEqual([{ filters: [large, meals] }]);
  await userEvent.click(screen.getByRole("button", { name: "Large" }));
  expect(onSearch).toHaveBeenCalledWith(large.search, { replace: true });
});

it("sums up months, and a month becomes a filter", async () => {
  const sums = { currency: "GBP", rows: 2, money_in: "5.00", money_out: "-7.00", net: "-2.00" };
  server.use(answer("get", "/api/transactions/months", { months: [{ month: "2026-02-01", ...sums }] }));
  const { onSearch } = open();
  await userEvent.click(await screen.findByRole("button", { name: "Sums by month" }));
  await userEvent.click(await screen.findByRole("button", { name: "February 2026" }));
  expect(onSearch).toHaveBeenCalledWith({ from: "2026-02-01", to: "2026-02-28" }, { replace: true });
});
