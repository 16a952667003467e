import type { ReactNode } from "react";
import { NotFoundPage } from "./NotFoundPage";

/** A page for the id in the path, such as /imports/7; the not-found page for anything else. */
export function Numbered({ text, children }: { text: string; children: (number: number) => ReactNode }) {
  const number = /^\d+$/.test(text) ? Number(text) : 0;
  return number > 0 && Number.isSafeInteger(number) ? children(number) : <NotFoundPage />;
}
