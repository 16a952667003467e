import { i18n } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { afterEach, describe, expect, test } from "vitest";
import { formatCount } from "./formatCount";
import { activate, languageOf } from "./language";
import { localeOf } from "./locale";

afterEach(() => activate("en", {}));

test.each([
  [["de-AT", "en"], ["de"], "de"],
  [["DE"], ["de"], "de"],
  [["en-US", "de"], ["de"], "en"],
  [["fr", "de"], ["de"], "en"],
  [["de"], [], "en"],
  [[], ["de"], "en"],
])("a reader of %j is shown, if %j is offered, %s", (languages, offered, language) => {
  expect(languageOf(languages, offered)).toBe(language);
});

test.each([
  [["de-AT"], "de", "de-AT"],
  [["de"], "de", "de"],
  [["en-US"], "de", "de"],
  [["de-AT"], "en", "en-GB"],
])("for a reader of %j a page in %s has the locale of %s", (languages, language, locale) => {
  expect(localeOf(languages, language)).toBe(locale);
});

describe("a chosen language", () => {
  test("changes texts, numbers and the language of the document", () => {
    const save = msg`Save`;
    activate("de", { [save.id]: ["Speichern"] });

    expect(t(save)).toBe("Speichern");
    expect(formatCount(1_234_567)).toBe("1.234.567");
    expect(document.documentElement.lang).toBe("de");
    expect(i18n.locale).toBe("de");
  });

  test("leaves a text in English that its catalogue lacks", () => {
    activate("de", {});

    expect(t`Save`).toBe("Save");
  });
});
