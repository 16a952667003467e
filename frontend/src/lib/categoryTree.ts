import type { components } from "../api/schema.gen";

export type Category = components["schemas"]["CategoryNode"];
export type PlacedCategory = Category & { depth: number };

/** Categories in tree order, each with its depth. */
export function inTreeOrder(categories: Category[]): PlacedCategory[] {
  const known = new Set(categories.map((item) => item.id));
  const placed: PlacedCategory[] = [];
  function place(parent: string | null, depth: number) {
    for (const item of categories) {
      const above = item.parent_id !== null && known.has(item.parent_id) ? item.parent_id : null;
      if (above !== parent) continue;
      placed.push({ ...item, depth });
      place(item.id, depth + 1);
    }
  }
  place(null, 0);
  return placed;
}

/** The assignable categories, in tree order. */
export function offeredCategories(categories: Category[]): PlacedCategory[] {
  return inTreeOrder(categories).filter((item) => !item.is_archived);
}

/** A category and all its descendants. */
export function withThoseUnder(categories: Category[], id: string): Set<string> {
  const below = new Set([id]);
  for (const item of inTreeOrder(categories)) {
    if (item.parent_id !== null && below.has(item.parent_id)) below.add(item.id);
  }
  return below;
}
