/** How texts are joined in the language of the page, so that none is glued to another by English punctuation. */
import { t } from "@lingui/core/macro";
import { locale } from "./locale";

type Part = string | false | null | undefined;

/** Separate facts, such as “3 rows, 2 calls”; one that does not apply is left out. The separator is a message, as
 * `Intl.ListFormat` puts “and” or nothing between such facts in several languages. */
export function listed(facts: Part[]): string {
  const [first = "", ...rest] = given(facts);
  return rest.reduce((before, fact) => t`${before}, ${fact}`, first);
}

/** Things that belong together, such as “rows, rules and corrections”; one that does not apply is left out. */
export function allOf(things: Part[]): string {
  return new Intl.ListFormat(locale()).format(given(things));
}

/** A value after its name, such as “2026: 3 days broken”. */
export function labelled(name: string, value: string): string {
  return t`${name}: ${value}`;
}

/** A text with the full stop of a sentence. */
export function asSentence(text: string): string {
  return t`${text}.`;
}

function given(parts: Part[]): string[] {
  return parts.filter((part): part is string => typeof part === "string" && part !== "");
}
