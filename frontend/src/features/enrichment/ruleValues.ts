import type { Rule, RuleRequest } from "./useRules";

/** A rule as its form holds it: texts are empty where nothing is said. */
export type RuleValues = {
  match: Rule["match"];
  pattern: string;
  direction: "in" | "out" | "any";
  category: string | null;
  merchant: string;
};

/** A rule that is there already. */
export function valuesOf(rule: Rule): RuleValues {
  return {
    match: rule.match,
    pattern: rule.pattern,
    direction: rule.direction ?? "any",
    category: rule.category,
    merchant: rule.merchant ?? "",
  };
}

type Row = { description: string; category: string | null };
type Origin = { merchant_key: string; direction: "in" | "out" };

/** A rule for the merchant of a row; for its description where no merchant recognised. */
export function valuesFromRow(row: Row, origin: Origin): RuleValues {
  const isKnown = origin.merchant_key !== "";
  return {
    match: isKnown ? "key" : "contains",
    pattern: isKnown ? origin.merchant_key : row.description.trim().slice(0, 200),
    direction: origin.direction,
    category: row.category,
    merchant: "",
  };
}

/** What is asked of the API; null while it says too little to be a rule. */
export function requestOf(values: RuleValues): RuleRequest | null {
  const pattern = values.pattern.trim();
  const merchant = values.merchant.trim();
  if (pattern === "" || (values.category === null && merchant === "")) return null;
  return {
    match: values.match,
    pattern,
    direction: values.direction === "any" ? null : values.direction,
    category: values.category,
    merchant: merchant || null,
    apply: false,
  };
}

/** Whether both would be the same rule. */
export function isSame(left: RuleValues, right: RuleValues): boolean {
  return JSON.stringify(requestOf(left)) === JSON.stringify(requestOf(right));
}
