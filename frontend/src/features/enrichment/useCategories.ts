import { answered, api } from "../../api/client";
import type { components } from "../../api/schema.gen";
import { useThenRefresh } from "./useThenRefresh";

type Schemas = components["schemas"];
export type CategoryChange = Schemas["CategoryChange"];
export type Moved = Schemas["MergeRead"];
export type NewCategory = { name: string; parent_id: string | null; colour?: string };

const PATH = "/api/truelayer/enrichment/categories";
const GREY = "#868e96";

/** Add a category. */
export function useAddCategory() {
  return useThenRefresh(({ colour = GREY, ...request }: NewCategory) =>
    answered(api.POST(PATH, { body: { ...request, colour } })),
  );
}

/** Rename, move, recolour, archive or bring back a category. */
export function useChangeCategory() {
  return useThenRefresh(({ id, change }: { id: string; change: CategoryChange }) =>
    answered(api.PATCH(`${PATH}/{category_id}`, { params: { path: { category_id: id } }, body: change })),
  );
}

const of = (id: string) => ({ params: { path: { category_id: id } } });

/** Merge a category into another. */
export function useMerge() {
  return useThenRefresh(({ id, intoId }: { id: string; intoId: string }) =>
    answered(api.POST(`${PATH}/{category_id}/merge`, { ...of(id), body: { into_id: intoId } })),
  );
}

/** Undo a category's merge. */
export function useSplit() {
  return useThenRefresh((id: string) => answered(api.POST(`${PATH}/{category_id}/merge/undo`, of(id))));
}
