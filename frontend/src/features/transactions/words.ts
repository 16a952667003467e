/** What the API's codes mean, in words. */

const CHANGES: Record<string, string> = {
  ids_changed: "The bank gave it new ids",
  bank_amended: "The bank amended it",
  date_moved: "The bank moved it to another day",
  booked: "The bank booked it",
  vanished: "The bank no longer lists it",
  edited: "You edited it",
  edit_taken_back: "An edit was undone",
  reparsed: "Parsed again from the stored answer",
  removed: "You removed it",
  restored: "You restored it",
  carried: "Your edits were copied from the row this one replaced",
  carried_over: "Your edits were copied to the row that replaced it",
  enriched: "Enriched",
  enrichment_undone: "An enrichment was undone",
};

/** What kind of change it was. */
export function changeWords(kind: string): string {
  return CHANGES[kind] ?? kind.replaceAll("_", " ");
}
