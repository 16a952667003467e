/** How dates, times and numbers are written: in the language of the page, in the reader's kind of it if they read it first. */
let current = localeOf(navigator.languages, "en");

/** The locale in which the page writes dates, times and numbers. */
export function locale(): string {
  return current;
}

export function setLocale(chosen: string): void {
  current = chosen;
}

/** The locale of a page in this language for a reader of these languages, the preferred one first. */
export function localeOf(languages: readonly string[], language: string): string {
  const [first = ""] = languages;
  if (first === language || first.toLowerCase().startsWith(`${language}-`)) return first;
  return language === "en" ? "en-GB" : language;
}
