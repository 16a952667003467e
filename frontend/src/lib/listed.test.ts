import { describe, expect, it, test } from "vitest";
import { messages as english } from "../locales/en/messages.po";
import { activate } from "./language";
import { allOf, labelled, listed } from "./listed";

test("facts are listed, and those that do not apply are left out", () => {
  expect(listed(["3 rows", false, "", null, "2 calls", undefined, "1 failed"])).toBe("3 rows, 2 calls, 1 failed");
  expect(listed([])).toBe("");
});

test("things that belong together end with “and”", () => {
  expect(allOf(["rows", false, "rules"])).toBe("rows and rules");
  expect(allOf([])).toBe("");
});

describe("another language", () => {
  it("has a separator of its own", () => {
    const separated = Object.entries(english).map(([id, message]) => [id, swapped(message)] as const);
    activate("en", Object.fromEntries(separated));
    expect(listed(["a", "b", "c"])).toBe("a، b، c");
    expect(labelled("2026", "b")).toBe("2026: b");
    activate("en", {});
  });
});

/** The message with the comma of Arabic. */
function swapped<Message>(message: Message): Message {
  return (Array.isArray(message) ? message.map((part: unknown) => (part === ", " ? "، " : part)) : message) as Message;
}
