import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { answered, api } from "../../api/client";
import type { components } from "../../api/schema.gen";

type Schemas = components["schemas"];
export type Rule = Schemas["RuleRead"];
export type RuleRequest = Schemas["RuleRequest"];
export type RuleChange = Schemas["RuleChange"];

const PATH = "/api/truelayer/enrichment/rules";
const KEY = ["enrichment", "rules"];
const PREVIEW = "rule-preview";
const MOST_SAMPLES = 200;
const pathOf = (id: string) => ({ path: { rule_id: Number(id) } });

/** The user's rules in the order in which they are asked, and what was learned. */
export function useRules() {
  return useQuery({ queryKey: KEY, queryFn: async () => (await answered(api.GET(PATH))).rules });
}

/** One rule. */
export function useRule(id: string | null) {
  return useQuery({
    queryKey: [...KEY, id],
    enabled: id !== null,
    queryFn: () => answered(api.GET(`${PATH}/{rule_id}`, { params: pathOf(id ?? "") })),
  });
}

/** What a rule would change of the stored rows, as an edit of a rule where one is named; null asks nothing. */
export function useRulePreview(wanted: RuleRequest | null, ruleId: string | null) {
  return useQuery({
    // Not among what every step of an enrichment makes old: looking through all rows each second is too much.
    queryKey: [PREVIEW, ruleId, wanted],
    enabled: wanted !== null,
    queryFn: ({ signal }) =>
      answered(
        api.POST(`${PATH}/preview`, {
          params: { query: { samples: MOST_SAMPLES, ...(ruleId === null ? {} : { rule_id: Number(ruleId) }) } },
          // Not asked while it is null.
          body: wanted as RuleRequest,
          signal,
        }),
      ),
    placeholderData: (before) => before,
    retry: false,
  });
}

/** Lets what rules would change be asked anew, once rows have changed. */
export function useRefreshPreviews() {
  const client = useQueryClient();
  return useCallback(() => void client.invalidateQueries({ queryKey: [PREVIEW] }), [client]);
}

function useThenRefresh<Wanted, Told>(change: (wanted: Wanted) => Promise<Told>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: () => client.invalidateQueries({ queryKey: ["enrichment"] }) });
}

/** Keep a rule, or change the one that is named. */
export function useSaveRule(id: string | null) {
  return useThenRefresh((wanted: RuleRequest) => {
    if (id === null) return answered(api.POST(PATH, { body: wanted }));
    const { apply: _, ...change } = wanted;
    return answered(api.PATCH(`${PATH}/{rule_id}`, { params: pathOf(id), body: change }));
  });
}

/** Ask a rule no more, or again. */
export function useSwitchRule() {
  return useThenRefresh(({ id, isEnabled }: { id: string; isEnabled: boolean }) =>
    answered(api.PATCH(`${PATH}/{rule_id}`, { params: pathOf(id), body: { is_enabled: isEnabled } })),
  );
}

/** Apply a rule to the stored rows that it fits, as a job. */
export function useApplyRule() {
  return useThenRefresh((id: string) => answered(api.POST(`${PATH}/{rule_id}/apply`, { params: pathOf(id) })));
}

/** Forget a rule. */
export function useRemoveRule() {
  return useThenRefresh((id: string) => answered(api.DELETE(`${PATH}/{rule_id}`, { params: pathOf(id) })));
}

/** Bring a removed rule back. */
export function useRestoreRule() {
  return useThenRefresh((id: string) => answered(api.POST(`${PATH}/{rule_id}/restore`, { params: pathOf(id) })));
}

/** Ask the user's own rules in this order; it shows at once, and is put back if the API refuses. */
export function useOrderRules() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (ids: string[]) => answered(api.PUT(`${PATH}/order`, { body: { rule_ids: ids.map(Number) } })),
    onMutate: async (ids) => {
      await client.cancelQueries({ queryKey: KEY, exact: true });
      const before = client.getQueryData<Rule[]>(KEY);
      if (before) {
        const byId = new Map(before.map((rule) => [rule.id, rule]));
        const own = ids.flatMap((id) => byId.get(id) ?? []);
        client.setQueryData<Rule[]>(KEY, [...own, ...before.filter((rule) => !ids.includes(rule.id))]);
      }
      return { before };
    },
    onError: (_error, _ids, context) => context?.before && client.setQueryData(KEY, context.before),
    onSuccess: (told) => client.setQueryData(KEY, told.rules),
  });
}
