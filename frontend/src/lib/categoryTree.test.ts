import { expect, it } from "vitest";
import { type Category, inTreeOrder, offeredCategories, withThoseUnder } from "./categoryTree";

const node = (id: string, parent_id: string | null, is_archived = false): Category => ({
  id,
  name: `n${id}`,
  parent_id,
  colour: "#000000",
  is_archived,
  merged_into_id: null,
});
const TREE = [node("3", "1"), node("1", null), node("2", null, true), node("4", "3"), node("5", "gone")];

it("lists the whole tree from top to bottom", () => {
  expect(inTreeOrder(TREE).map((item) => [item.id, item.depth])).toEqual([
    ["1", 0],
    ["3", 1],
    ["4", 2],
    ["2", 0],
    ["5", 0],
  ]);
});

it("offers no archived ones", () => {
  expect(offeredCategories(TREE).map((item) => item.id)).toEqual(["1", "3", "4", "5"]);
});

it("knows the subcategories of a category", () => {
  expect([...withThoseUnder(TREE, "1")].sort()).toEqual(["1", "3", "4"]);
});
