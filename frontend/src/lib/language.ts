/** The language of the page, which is chosen here and nowhere else. */
import { i18n, type Messages } from "@lingui/core";
import { compileMessage } from "@lingui/message-utils/compileMessage";
import dayjs from "dayjs";
import { localeOf, setLocale } from "./locale";

/** The languages besides English. Each loads its catalogue, and dayjs's names of its days and months, when chosen. */
const OTHERS: Record<string, () => Promise<{ messages: Messages }>> = {};

/** The English texts are in the code. Each is read once. */
const read = new Map<string, ReturnType<typeof compileMessage>>();
i18n.setMessagesCompiler((text) => {
  const known = read.get(text) ?? compileMessage(text);
  read.set(text, known);
  return known;
});

/** Shows the page in the reader's first language if it is offered, or else in English. */
export async function startLanguage(): Promise<void> {
  const language = languageOf(navigator.languages, Object.keys(OTHERS));
  const other = await OTHERS[language]?.();
  activate(language, other?.messages ?? {});
}

/** The language of a reader of these languages, the preferred one first: English unless the first one is offered. */
export function languageOf(languages: readonly string[], offered: string[]): string {
  const [first = ""] = languages;
  const language = first.split("-")[0]?.toLowerCase() ?? "";
  return offered.includes(language) ? language : "en";
}

/** Texts, dates and numbers are written in this language from now on; texts that its catalogue lacks stay in English. */
export function activate(language: string, messages: Messages): void {
  const locale = localeOf(navigator.languages, language);
  setLocale(locale);
  dayjs.locale(language);
  i18n.loadAndActivate({ locale: language, locales: locale, messages });
  document.documentElement.lang = language;
}
