/** Search parameters by schemas: which values a page accepts in its address. */
import * as z from "zod/mini";

// Compiling schemas with `eval` would break a content security policy; these schemas are too small to gain from it.
z.config({ jitless: true });

type Shape = Record<string, z.ZodMiniType>;

/** What a route finds in its address; a parameter is missing when the address lacks it or its value is invalid. */
export type SearchOf<Fields extends Shape> = { [Name in keyof Fields]?: z.output<Fields[Name]> };

/** A route's `validateSearch`, from one schema per parameter. Invalid values and unknown parameters are dropped. */
export function searchOf<Fields extends Shape>(fields: Fields) {
  return (search: Record<string, unknown>): SearchOf<Fields> => {
    const read: Record<string, unknown> = {};
    // The router keeps what a reader omits. It drops a name whose value is undefined.
    for (const name of Object.keys(search)) read[name] = undefined;
    for (const [name, schema] of Object.entries(fields)) {
      const parsed = schema.safeParse(search[name]);
      if (parsed.success) read[name] = parsed.data;
    }
    // An undefined value means the same as a missing name to readers.
    return read as SearchOf<Fields>;
  };
}

const written = z.union([z.string(), z.number(), z.boolean()]);

/** A text, not blank unless `pattern` allows it. The router reads 12 and true in a URL as a number and a boolean. */
export function text(pattern = /\S/) {
  return z.pipe(z.pipe(written, z.transform(String)), z.string().check(z.regex(pattern)));
}

/** One of these words; a number is read as its digits. */
export function word<const Word extends string>(words: readonly Word[]) {
  return z.pipe(z.pipe(written, z.transform(String)), z.enum(words));
}

/** A whole number between two numbers, both inclusive. */
export function whole(least: number, most = Number.MAX_SAFE_INTEGER) {
  return z.pipe(
    z.pipe(written, z.transform(Number)),
    z.number().check(z.refine(Number.isSafeInteger), z.gte(least), z.lte(most)),
  );
}

/** The id of something: digits, without leading zeros. It stays a text; JavaScript rounds large numbers. */
export const id = text(/^[1-9]\d{0,18}$/);

/** A day, such as 2026-01-31. */
export const day = z.iso.date();

/** A time of day, such as 07:30. */
export const time = z.iso.time({ precision: -1 });

/** A switch; it is in the URL only when it is on. */
export const on = z.literal(true);
