/** How a URL's search is written and read: texts as they are, so that a link can be read; everything else as JSON. */
import { parseSearchWith, stringifySearchWith } from "@tanstack/react-router";

export const stringifySearch = stringifySearchWith(JSON.stringify);

export const parseSearch = parseSearchWith((text) => {
  const value: unknown = JSON.parse(text);
  // What would not be written as it was read stays a text: 12.50, 007, and numbers of twenty digits.
  if (typeof value === "number" && String(value) !== text) throw new SyntaxError("this is a text");
  return value;
});

/** A route's reader, which lets nothing through but what it reads: the router by itself keeps what the reader left out. */
export function only<Read extends object>(read: (search: Record<string, unknown>) => Read) {
  return (search: Record<string, unknown>): Read => {
    const gone = Object.fromEntries(Object.keys(search).map((name) => [name, undefined]));
    // Undefined is how the router is told that a name is gone; to whoever reads it, it is the same as no name.
    return { ...gone, ...read(search) } as Read;
  };
}
