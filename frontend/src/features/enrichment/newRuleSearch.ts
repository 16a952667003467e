import { id, searchOf, text } from "../../lib/search";

/** The search parameters of a new rule: the row it is made from, and the category and merchant it sets. */
export const readNewRule = searchOf({ row: id, category: text(), merchant: text() });
export type NewRuleSearch = ReturnType<typeof readNewRule>;
