/** The texts as a translator gets them: each is whole, so that its words can be put in another order. */
import { formatter } from "@lingui/format-po";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const EN = { locale: "en", sourceLocale: "en", filename: "messages.po" };

// A colon may end a text, since lists and fields follow some; nothing else that joins texts may.
const JOINED_BEFORE = /^[\s,;:.)–-]/;
const JOINED_AFTER = /[\s,;(–-]$/;
const JOINING_WORDS = /^(and|or|of|to|in|by|from|with|for|at|on|because of)$/;

function fragments(texts: string[]): string[] {
  return texts.filter((text) => [JOINED_BEFORE, JOINED_AFTER, JOINING_WORDS].some((fragment) => fragment.test(text)));
}

test("every text of the catalogue is whole", async () => {
  const file = readFileSync("src/locales/en/messages.po", "utf8");
  const texts = Object.values(await formatter().parse(file, EN)).map(({ translation }) => translation);

  expect(texts.length).toBeGreaterThan(1000);
  expect(fragments(texts)).toEqual([]);
});

test.each([", took {time}", " of {rows}", "until ", " and ", "; now {category}", "rows,", "and"])(
  "“%s” is found to be a fragment",
  (text) => expect(fragments([text, "{before}, {fact}"])).toEqual([text]),
);
