import { Autocomplete } from "@mantine/core";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";

type Props = {
  label: string;
  value: string | null;
  /** The most letters that the API takes. */
  maxLength: number;
  suggestions: string[];
  onSave: (value: string | null) => void;
  onCancel: () => void;
};

/**
 * Edits a text in place: Enter saves, Escape cancels, an empty text removes the value. What is typed replaces the old
 * text. Where there are suggestions a new word is saved by Enter alone, and a known one as it is spelled.
 */
export function InlineEdit({ label, value, maxLength, suggestions, onSave, onCancel }: Props) {
  const [typed, setTyped] = useState(value ?? "");
  const isDone = useRef(false);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);
  function end(save: boolean, text = typed) {
    if (isDone.current) return;
    isDone.current = true;
    const word = text.trim();
    const entered = suggestions.find((known) => known.toLowerCase() === word.toLowerCase()) ?? (word || null);
    if (save && entered !== value) onSave(entered);
    else onCancel();
  }
  function onKeyDown(event: KeyboardEvent) {
    event.stopPropagation();
    if (event.key === "Escape") end(false);
    // A highlighted suggestion takes Enter for itself and comes through onOptionSubmit.
    if (event.key === "Enter" && !event.defaultPrevented) end(true);
  }
  const isKnown = suggestions.some((known) => known.toLowerCase() === typed.trim().toLowerCase());
  return (
    <Autocomplete
      aria-label={label}
      size="xs"
      ref={input}
      maxLength={maxLength}
      data={suggestions}
      limit={8}
      value={typed}
      onChange={setTyped}
      onOptionSubmit={(option) => end(true, option)}
      onKeyDown={onKeyDown}
      onBlur={() => end(suggestions.length === 0 || typed.trim() === "" || isKnown)}
    />
  );
}
