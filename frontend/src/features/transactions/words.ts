/** What the API's codes mean, in words. */

const SOURCES: Record<string, string> = {
  bank: "as the bank gave it",
  user: "set by you",
  rule: "set by one of your rules",
  model: "suggested by a model",
  llm: "suggested by a model",
  cache: "as an equal row was understood before",
};

/** Where a value is from. */
export function sourceWords(source: string | null, value: string | null): string {
  if (source === null) return value === null ? "none yet" : "as the bank gave it";
  if (source === "user" && value === null) return "taken away by you";
  return SOURCES[source] ?? `from ${source.replaceAll("_", " ")}`;
}

const CHANGES: Record<string, string> = {
  ids_changed: "The bank gave it new ids",
  bank_amended: "The bank amended it",
  date_moved: "The bank moved it to another day",
  booked: "The bank booked it",
  vanished: "The bank listed it no more",
  edited: "You edited it",
  edit_taken_back: "An edit was taken back",
  reparsed: "It was read again from the kept answer",
  removed: "You took it out of the record",
  restored: "You put it back into the record",
  enriched: "It was enriched",
};

/** What kind of change it was. */
export function changeWords(kind: string): string {
  return CHANGES[kind] ?? kind.replaceAll("_", " ");
}
