import type { components } from "../api/schema.gen";

type Rule = Pick<components["schemas"]["RuleRead"], "match" | "pattern">;

export const MATCH_WORDS: Record<Rule["match"], string> = {
  contains: "description contains",
  prefix: "description begins with",
  exact: "description is",
  key: "merchant is",
};

/** What a row has to be for a rule to fit. */
export function conditionWords(rule: Rule): string {
  return `${MATCH_WORDS[rule.match]} “${rule.pattern}”`;
}
