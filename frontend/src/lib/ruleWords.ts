import type { components } from "../api/schema.gen";

type Rule = Pick<components["schemas"]["RuleRead"], "match" | "pattern">;

export const MATCH_WORDS: Record<Rule["match"], string> = {
  contains: "description contains",
  prefix: "description begins with",
  exact: "description is",
  key: "merchant is",
};

/** The condition of a rule in words. */
export function conditionWords(rule: Rule): string {
  return `${MATCH_WORDS[rule.match]} “${rule.pattern}”`;
}
