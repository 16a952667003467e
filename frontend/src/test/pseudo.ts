/** A stand-in for a translation: each letter of a text becomes its wide form, so that bare texts can be found. */
import type { Messages } from "@lingui/core";

const TO_WIDE = 0xfee0;

/** The catalogue in wide letters. */
export function pseudoOf(messages: Messages): Messages {
  return pseudo(messages) as Messages;
}

/** A compiled message holds texts, and placeholders as [name, kind, texts by plural form]. */
function pseudo(part: unknown): unknown {
  if (typeof part === "string") return widened(part);
  if (Array.isArray(part)) return part.map((item) => (Array.isArray(item) ? placeholder(item) : pseudo(item)));
  if (typeof part !== "object" || part === null) return part;
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, pseudo(value)]));
}

function placeholder([name, kind, forms]: unknown[]): unknown[] {
  return forms === undefined ? [name, kind] : [name, kind, typeof forms === "string" ? forms : pseudo(forms)];
}

/** The text in wide letters, except for the tags in it. */
export function widened(text: string): string {
  return text.replace(/<[^>]*>|[A-Za-z]/g, (found) =>
    found.length > 1 ? found : String.fromCharCode(found.charCodeAt(0) + TO_WIDE),
  );
}

/** The texts with a word in usual letters that a reader sees or hears: those that come from no catalogue. */
export function bareTexts(element: Element): string[] {
  const texts: string[] = [];
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    if (!walker.currentNode.parentElement?.closest("style, script, code"))
      texts.push(walker.currentNode.nodeValue ?? "");
  }
  for (const named of element.querySelectorAll("[aria-label], [title], [placeholder], [alt]")) {
    for (const name of ["aria-label", "title", "placeholder", "alt"]) texts.push(named.getAttribute(name) ?? "");
  }
  return texts.filter((text) => /[A-Za-z]{2}/.test(text));
}
