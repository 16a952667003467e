import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import type { components } from "../../api/schema.gen";

type Schemas = components["schemas"];
export type EnrichmentJob = Schemas["EnrichmentRead"];
export type Doubt = Schemas["DoubtRead"];
export type Control = "pause" | "resume" | "cancel";

const PATH = "/api/truelayer/enrichment";

/** The newest enrichment jobs; they are loaded anew when the server says that one changed. */
export function useEnrichmentJobs() {
  return useQuery({
    queryKey: ["enrichment", "jobs"],
    queryFn: async () => (await answered(api.GET(`${PATH}/jobs`, { params: { query: { limit: 10 } } }))).jobs,
  });
}

/** Merchants that enrichment is not sure of, the most money first. */
export function useDoubts() {
  return useQuery({
    queryKey: ["enrichment", "review"],
    queryFn: async () => (await answered(api.GET(`${PATH}/review`))).doubts,
  });
}

/** The categories that may be given. */
export function useCategories() {
  return useQuery({
    queryKey: ["enrichment", "categories"],
    queryFn: async () => (await answered(api.GET(`${PATH}/categories`))).categories,
  });
}

function useThenRefresh<Wanted, Told>(change: (wanted: Wanted) => Promise<Told>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => client.invalidateQueries({ queryKey: ["enrichment"] }),
  });
}

/** Enrich all rows. */
export function useEnrichAll() {
  return useThenRefresh((_: undefined) =>
    answered(api.POST(`${PATH}/jobs`, { body: { transaction_ids: [], uses_model: true, is_refresh: false } })),
  );
}

/** Pause, resume or cancel a job. */
export function useControl() {
  return useThenRefresh(({ id, control }: { id: string; control: Control }) => {
    const params = { path: { job_id: Number(id) } };
    if (control === "pause") return answered(api.POST(`${PATH}/jobs/{job_id}/pause`, { params }));
    if (control === "cancel") return answered(api.POST(`${PATH}/jobs/{job_id}/cancel`, { params }));
    return answered(api.POST(`${PATH}/jobs/{job_id}/resume`, { params, body: {} }));
  });
}

export type Correction = { transaction_id: number; category: string };

/** Say which other rows a correction would change; nothing is changed. */
export function usePreviewCorrection() {
  return useMutation({
    mutationFn: (wanted: Correction) =>
      answered(api.POST(`${PATH}/corrections/preview`, { body: { ...wanted, apply: false } })),
  });
}

/** Correct a row, learn it, and apply it to the merchant's rows. */
export function useCorrect() {
  return useThenRefresh((wanted: Correction) =>
    answered(api.POST(`${PATH}/corrections`, { body: { ...wanted, apply: true } })),
  );
}
