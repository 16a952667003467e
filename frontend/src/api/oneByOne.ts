import { ApiError } from "./errors";

type Failed<Item> = { item: Item; error: Error };
type Outcome<Item> = { done: Item[]; failed: Failed<Item>[] };

/**
 * Requests one item after another; a refused item does not stop the others.
 * If the API is unreachable or the user is signed out, the remaining items are not tried and fail with that error.
 */
export async function oneByOne<Item>(items: Item[], request: (item: Item) => Promise<unknown>): Promise<Outcome<Item>> {
  const outcome: Outcome<Item> = { done: [], failed: [] };
  let fatal: Error | null = null;
  for (const item of items) {
    try {
      if (fatal !== null) throw fatal;
      await request(item);
      outcome.done.push(item);
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      if (error instanceof ApiError && [0, 401].includes(error.status)) fatal = error;
      outcome.failed.push({ item, error });
    }
  }
  return outcome;
}
