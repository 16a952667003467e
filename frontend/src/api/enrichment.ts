import { infiniteQueryOptions, keepPreviousData, queryOptions, skipToken } from "@tanstack/react-query";
import { newest } from "../realtime/newest";
import { answered, api } from "./client";
import type { components } from "./schema.gen";

type Schemas = components["schemas"];

const PATH = "/api/truelayer/enrichment";
const JOBS = 20;
const DOUBTS = 50;
const SAMPLES = 200;

/**
 * Enrichment: jobs, categories, rules and what they would change.
 *
 * Estimates and previews are not under `all`: they scan all rows, which is too expensive to repeat at each step of a job.
 */
export const enrichmentQueries = {
  all: ["enrichment"] as const,

  /** Newest first. */
  jobs: () =>
    infiniteQueryOptions({
      queryKey: [...enrichmentQueries.all, "jobs"],
      initialPageParam: null as string | null,
      queryFn: async ({ client, queryKey, pageParam }) => {
        const query = { limit: JOBS, ...(pageParam ? { cursor: pageParam } : {}) };
        const page = await answered(api.GET(`${PATH}/jobs`, { params: { query } }));
        const known =
          client.getQueryData<{ pages: Schemas["EnrichmentList"][] }>(queryKey)?.pages.flatMap(({ jobs }) => jobs) ??
          [];
        return {
          ...page,
          jobs: page.jobs.map((job) =>
            newest(
              known.find(({ id }) => id === job.id),
              job,
            ),
          ),
        };
      },
      getNextPageParam: (page) => page.next_cursor,
    }),

  job: (id: string) =>
    queryOptions({
      queryKey: [...enrichmentQueries.all, "jobs", id],
      queryFn: async ({ client, queryKey }) => {
        const fresh = await answered(api.GET(`${PATH}/jobs/{job_id}`, { params: { path: { job_id: id } } }));
        return newest(client.getQueryData<typeof fresh>(queryKey), fresh);
      },
    }),

  /** A job's requests to models, newest first. */
  calls: (id: string) =>
    infiniteQueryOptions({
      queryKey: [...enrichmentQueries.all, "jobs", id, "calls"],
      initialPageParam: null as string | null,
      queryFn: ({ pageParam }) => {
        const query = pageParam ? { cursor: pageParam } : {};
        return answered(api.GET(`${PATH}/jobs/{job_id}/calls`, { params: { path: { job_id: id }, query } }));
      },
      getNextPageParam: (page) => page.next_cursor,
    }),

  /** The cost of the model in this month. */
  spend: () =>
    queryOptions({
      queryKey: [...enrichmentQueries.all, "spend"],
      queryFn: () => answered(api.GET(`${PATH}/spend`)),
    }),

  /** Merchants that enrichment is not sure of, most money first. */
  doubts: () =>
    infiniteQueryOptions({
      queryKey: [...enrichmentQueries.all, "review"],
      initialPageParam: 0,
      queryFn: async ({ pageParam }) => {
        const query = { limit: DOUBTS, offset: pageParam };
        return (await answered(api.GET(`${PATH}/review`, { params: { query } }))).doubts;
      },
      getNextPageParam: (page, pages) => (page.length < DOUBTS ? null : pages.length * DOUBTS),
    }),

  /** What a job would process, call and cost. */
  estimate: (request: Schemas["EnrichmentRequest"] | null) =>
    queryOptions({
      queryKey: ["enrichment-estimate", request],
      queryFn:
        request === null
          ? skipToken
          : ({ signal }) => answered(api.POST(`${PATH}/estimate`, { body: request, signal })),
      placeholderData: keepPreviousData,
      retry: false,
    }),

  /** All categories, including archived ones. */
  categories: () =>
    queryOptions({
      queryKey: [...enrichmentQueries.all, "categories"],
      queryFn: async () => (await answered(api.GET(`${PATH}/categories`))).categories,
      staleTime: 30_000,
    }),

  /** What merging a category into another would move. */
  merge: (id: string, intoId: string | null) =>
    queryOptions({
      queryKey: [...enrichmentQueries.all, "merge", id, intoId],
      queryFn:
        intoId === null
          ? skipToken
          : () => {
              const options = { params: { path: { category_id: id } }, body: { into_id: intoId } };
              return answered(api.POST(`${PATH}/categories/{category_id}/merge/preview`, options));
            },
    }),

  /** The user's rules in the order in which they apply, and what was learned. */
  rules: () =>
    queryOptions({
      queryKey: [...enrichmentQueries.all, "rules"],
      queryFn: async () => (await answered(api.GET(`${PATH}/rules`))).rules,
    }),

  rule: (id: string) =>
    queryOptions({
      queryKey: [...enrichmentQueries.all, "rules", id],
      queryFn: () => answered(api.GET(`${PATH}/rules/{rule_id}`, { params: { path: { rule_id: id } } })),
    }),

  /** All previews of rules. */
  rulePreviews: ["rule-preview"] as const,

  /** What a rule would change in the stored rows, as an edit of `ruleId` unless that is null. */
  rulePreview: (request: Schemas["RuleRequest"] | null, ruleId: string | null) =>
    queryOptions({
      queryKey: [...enrichmentQueries.rulePreviews, ruleId, request],
      queryFn:
        request === null
          ? skipToken
          : ({ signal }) => {
              const query = { samples: SAMPLES, ...(ruleId === null ? {} : { rule_id: ruleId }) };
              return answered(api.POST(`${PATH}/rules/preview`, { params: { query }, body: request, signal }));
            },
      placeholderData: keepPreviousData,
      retry: false,
    }),

  /** A row and its merchant, to make a rule from. */
  rowForRule: (id: string | undefined) =>
    queryOptions({
      queryKey: [...enrichmentQueries.all, "row-for-rule", id],
      queryFn:
        id === undefined
          ? skipToken
          : async () => {
              const params = { path: { transaction_id: id } };
              const [row, origin] = await Promise.all([
                answered(api.GET("/api/transactions/{transaction_id}", { params })),
                answered(api.GET(`${PATH}/transactions/{transaction_id}`, { params })),
              ]);
              return { row, origin };
            },
    }),

  /** The names that are removed from everything sent to a model. */
  privateNames: () => queryOptions({ queryKey: ["private-names"], queryFn: () => answered(api.GET(`${PATH}/names`)) }),
};
