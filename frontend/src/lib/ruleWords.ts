import type { MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import type { components } from "../api/schema.gen";

type Rule = Pick<components["schemas"]["RuleRead"], "match" | "pattern">;

export const MATCH_WORDS: Record<Rule["match"], MessageDescriptor> = {
  contains: msg`description contains`,
  prefix: msg`description begins with`,
  exact: msg`description is`,
  key: msg`merchant is`,
};

/** The condition of a rule in words. */
export function conditionWords(rule: Rule): string {
  return t`${{ condition: t(MATCH_WORDS[rule.match]) }} “${{ pattern: rule.pattern }}”`;
}
