import { useState } from "react";

/** A text that the user is typing. It is replaced when the `saved` text changes. */
export function useDraft(saved: string): [string, (text: string) => void] {
  const [draft, setDraft] = useState({ saved, text: saved });
  const isOld = draft.saved !== saved;
  if (isOld) setDraft({ saved, text: saved });
  return [isOld ? saved : draft.text, (text) => setDraft({ saved, text })];
}
