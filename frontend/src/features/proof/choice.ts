/** The search parameters of the proof page: the account, month and day that are open. */
import { day, searchOf, text } from "../../lib/search";

export const readChoice = searchOf({ account: text(/^\d+$/), month: text(/^\d{4}-\d{2}$/), day });
export type Choice = ReturnType<typeof readChoice>;
