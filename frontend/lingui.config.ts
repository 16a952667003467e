import { defineConfig } from "@lingui/conf";
import { formatter } from "@lingui/format-po";

/** Where the page's texts are gathered. English is what the code says; CONTRIBUTING.md says how to add a language. */
export default defineConfig({
  sourceLocale: "en",
  locales: ["en"],
  catalogs: [
    { path: "<rootDir>/src/locales/{locale}/messages", include: ["src"], exclude: ["**/*.test.*", "src/test"] },
  ],
  // Sorted by text, and without line numbers and dates, so that a catalogue changes only where a text does.
  orderBy: "message",
  format: formatter({ lineNumbers: false, printPlaceholdersInComments: false }),
});
