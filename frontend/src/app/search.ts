/** How a URL's search is written and read: texts as they are, so that a link can be read; everything else as JSON. */
import { parseSearchWith, stringifySearchWith } from "@tanstack/react-router";

export const stringifySearch = stringifySearchWith(JSON.stringify);

export const parseSearch = parseSearchWith((text) => {
  const value: unknown = JSON.parse(text);
  // What would not be written as it was read stays a text: 12.50, 007, and numbers of twenty digits.
  if (typeof value === "number" && String(value) !== text) throw new SyntaxError("this is a text");
  return value;
});
