import type { Rule, RuleRequest } from "./useRules";

/** A rule as form values: empty texts mean not set. */
export type RuleValues = {
  match: Rule["match"];
  pattern: string;
  direction: "in" | "out" | "any";
  category: string | null;
  merchant: string;
};

/** The form values of a stored rule. */
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

/** A rule for a row's merchant, or for its description if no merchant was recognised. */
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

/** The request to the API; null while the form is incomplete. */
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
