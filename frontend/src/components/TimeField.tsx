import { msg, t } from "@lingui/core/macro";
import { TextInput } from "@mantine/core";
import { type ChangeEvent, type CSSProperties, type FocusEvent, useState } from "react";
import { readTime } from "../lib/readDates";

type Props = {
  label: string;
  description?: string;
  /** Such as 14:05; empty: no time. */
  value: string;
  /** Whether the field may be empty. */
  isOptional?: boolean;
  style?: CSSProperties;
  onChange: (time: string) => void;
};

const FULL = /^\d{2}:\d{2}$/;
const WRONG = msg`Write a time such as 07:30 or 19:05.`;

/** A field for a time of day, in 24 hours as everywhere on the page. It also reads 730, 7.30 and 7:30 pm. */
export function TimeField({ value, isOptional = false, onChange, ...field }: Props) {
  const [typed, setTyped] = useState<string | null>(null);
  const [isWrong, setIsWrong] = useState(false);

  function change({ currentTarget }: ChangeEvent<HTMLInputElement>) {
    const text = currentTarget.value;
    const time = FULL.test(text) ? readTime(text) : null;
    currentTarget.setCustomValidity("");
    setTyped(text);
    if (time !== null) accept(time);
  }

  function accept(time: string) {
    setIsWrong(false);
    onChange(time);
  }

  function leave(event: FocusEvent<HTMLInputElement>) {
    if (typed === null) return;
    const isEmpty = typed.trim() === "";
    const time = isEmpty ? (isOptional ? "" : value) : readTime(typed);
    // A form with a time that cannot be read is not sent.
    event.currentTarget.setCustomValidity(time === null ? t(WRONG) : "");
    setIsWrong(time === null);
    if (time === null) return;
    setTyped(null);
    if (time !== value) accept(time);
  }

  return (
    <TextInput
      {...field}
      autoComplete="off"
      placeholder={t`hh:mm`}
      maw={140}
      value={typed ?? value}
      error={isWrong && t(WRONG)}
      onChange={change}
      onBlur={leave}
    />
  );
}
