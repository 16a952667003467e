/** Reads and writes search parameters: texts as they are, so that links are readable; everything else as JSON. */
import { parseSearchWith, stringifySearchWith } from "@tanstack/react-router";

export const stringifySearch = stringifySearchWith(JSON.stringify);

export const parseSearch = parseSearchWith((text) => {
  const value: unknown = JSON.parse(text);
  // A number that would be written differently stays a text: 12.50, 007, and numbers of twenty digits.
  if (typeof value === "number" && String(value) !== text) throw new SyntaxError("this is a text");
  return value;
});
