/** How dates, times and numbers are written: in English, in the reader's kind of it if their first language is English. */
export const LOCALE = localeOf(navigator.languages);

/** The locale for a reader of these languages, the preferred one first. All words of the page are English. */
export function localeOf(languages: readonly string[]): string {
  const [first = ""] = languages;
  return /^en(-|$)/i.test(first) ? first : "en-GB";
}
