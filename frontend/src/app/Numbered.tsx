import type { ReactNode } from "react";
import { NotFoundPage } from "./NotFoundPage";

/** A page about the thing whose number the path holds, such as /imports/7; with anything else there is no such page. */
export function Numbered({ text, children }: { text: string; children: (number: number) => ReactNode }) {
  const number = /^\d+$/.test(text) ? Number(text) : 0;
  return number > 0 && Number.isSafeInteger(number) ? children(number) : <NotFoundPage />;
}
