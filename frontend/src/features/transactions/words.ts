/** What the API's codes mean, in words. */
import type { MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";

const CHANGES: Record<string, MessageDescriptor> = {
  ids_changed: msg`The bank gave it new ids`,
  bank_amended: msg`The bank amended it`,
  date_moved: msg`The bank moved it to another day`,
  booked: msg`The bank booked it`,
  vanished: msg`The bank no longer lists it`,
  edited: msg`You edited it`,
  edit_taken_back: msg`An edit was undone`,
  reparsed: msg`Parsed again from the stored answer`,
  removed: msg`You removed it`,
  restored: msg`You restored it`,
  carried: msg`Your edits were copied from the row this one replaced`,
  carried_over: msg`Your edits were copied to the row that replaced it`,
  enriched: msg`Enriched`,
  enrichment_undone: msg`An enrichment was undone`,
};

/** What kind of change it was. */
export function changeWords(kind: string): string {
  const words = CHANGES[kind];
  return words === undefined ? kind.replaceAll("_", " ") : t(words);
}
