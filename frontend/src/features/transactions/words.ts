/** What the API's codes mean, in words. */

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
  carried: "It got what you said of the row that it came in place of",
  carried_over: "What you said of it went to the row in its place",
  enriched: "It was enriched",
  enrichment_undone: "An enrichment was undone",
};

/** What kind of change it was. */
export function changeWords(kind: string): string {
  return CHANGES[kind] ?? kind.replaceAll("_", " ");
}
