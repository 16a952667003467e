import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { answered, api } from "../../api/client";
import { enrichmentQueries } from "../../api/enrichment";
import type { components } from "../../api/schema.gen";
import { useThenRefresh } from "./useThenRefresh";

type Schemas = components["schemas"];
export type Rule = Schemas["RuleRead"];
export type RuleRequest = Schemas["RuleRequest"];

const PATH = "/api/truelayer/enrichment/rules";
const pathOf = (id: string) => ({ path: { rule_id: id } });

/** Requests the previews of rules again, after rows have changed. */
export function useRefreshPreviews() {
  const client = useQueryClient();
  return useCallback(() => void client.invalidateQueries({ queryKey: enrichmentQueries.rulePreviews }), [client]);
}

/** Create a rule, or change the one with this id. */
export function useSaveRule(id: string | null) {
  return useThenRefresh((request: RuleRequest) => {
    if (id === null) return answered(api.POST(PATH, { body: request }));
    const { apply: _, ...change } = request;
    return answered(api.PATCH(`${PATH}/{rule_id}`, { params: pathOf(id), body: change }));
  });
}

/** Switch a rule off or on. */
export function useSwitchRule() {
  return useThenRefresh(({ id, isEnabled }: { id: string; isEnabled: boolean }) =>
    answered(api.PATCH(`${PATH}/{rule_id}`, { params: pathOf(id), body: { is_enabled: isEnabled } })),
  );
}

/** Apply a rule to the stored rows that match, as a job. */
export function useApplyRule() {
  return useThenRefresh((id: string) => answered(api.POST(`${PATH}/{rule_id}/apply`, { params: pathOf(id) })));
}

/** Remove a rule. */
export function useRemoveRule() {
  return useThenRefresh((id: string) => answered(api.DELETE(`${PATH}/{rule_id}`, { params: pathOf(id) })));
}

/** Restore a removed rule. */
export function useRestoreRule() {
  return useThenRefresh((id: string) => answered(api.POST(`${PATH}/{rule_id}/restore`, { params: pathOf(id) })));
}

/** Reorder the user's own rules; shown at once, and reverted if the API refuses. */
export function useOrderRules() {
  const key = enrichmentQueries.rules().queryKey;
  const client = useQueryClient();
  return useMutation({
    mutationFn: (ids: string[]) => answered(api.PUT(`${PATH}/order`, { body: { rule_ids: ids } })),
    onMutate: async (ids) => {
      await client.cancelQueries({ queryKey: key, exact: true });
      const before = client.getQueryData(key);
      if (before) {
        const byId = new Map(before.map((rule) => [rule.id, rule]));
        const own = ids.flatMap((id) => byId.get(id) ?? []);
        client.setQueryData(key, [...own, ...before.filter((rule) => !ids.includes(rule.id))]);
      }
      return { before };
    },
    onError: (_error, _ids, context) => context?.before && client.setQueryData(key, context.before),
    onSuccess: (answer) => client.setQueryData(key, answer.rules),
  });
}
