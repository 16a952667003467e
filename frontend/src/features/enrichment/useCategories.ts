import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import type { components } from "../../api/schema.gen";

type Schemas = components["schemas"];
export type CategoryChange = Schemas["CategoryChange"];
export type Moved = Schemas["MergeRead"];
export type NewCategory = { name: string; parent_id: number | null; colour?: string };

const PATH = "/api/truelayer/enrichment/categories";
const GREY = "#868e96";

/** How many rows carry each word as their category, those too that are none of the user's categories. */
export function useWordsOnRows() {
  return useQuery({
    queryKey: ["transactions", "categories"],
    queryFn: () => answered(api.GET("/api/transactions/categories")),
  });
}

function useThenRefresh<Wanted, Told>(change: (wanted: Wanted) => Promise<Told>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: async () => {
      void client.invalidateQueries({ queryKey: ["transactions"] });
      await client.invalidateQueries({ queryKey: ["enrichment"] });
    },
  });
}

/** Add a category. */
export function useAddCategory() {
  return useThenRefresh(({ colour = GREY, ...wanted }: NewCategory) =>
    answered(api.POST(PATH, { body: { ...wanted, colour } })),
  );
}

/** Rename, move, recolour, archive or bring back a category. */
export function useChangeCategory() {
  return useThenRefresh(({ id, change }: { id: string; change: CategoryChange }) =>
    answered(api.PATCH(`${PATH}/{category_id}`, { params: { path: { category_id: Number(id) } }, body: change })),
  );
}

const of = (id: string) => ({ params: { path: { category_id: Number(id) } } });

/** What taking a category into another would move; asked once there is another. */
export function useMergePreview(id: string, intoId: string | null) {
  return useQuery({
    queryKey: ["enrichment", "merge", id, intoId],
    enabled: intoId !== null,
    queryFn: () =>
      answered(api.POST(`${PATH}/{category_id}/merge/preview`, { ...of(id), body: { into_id: Number(intoId) } })),
  });
}

/** Take a category into another. */
export function useMerge() {
  return useThenRefresh(({ id, intoId }: { id: string; intoId: string }) =>
    answered(api.POST(`${PATH}/{category_id}/merge`, { ...of(id), body: { into_id: Number(intoId) } })),
  );
}

/** Take a category out of the one that it was merged into. */
export function useSplit() {
  return useThenRefresh((id: string) => answered(api.POST(`${PATH}/{category_id}/merge/undo`, of(id))));
}
