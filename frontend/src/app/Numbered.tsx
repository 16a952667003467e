import type { ReactNode } from "react";
import { NotFoundPage } from "./NotFoundPage";

/** A page for the id in the path, such as /imports/7; the not-found page for anything else. */
export function Numbered({ text, children }: { text: string; children: (id: string) => ReactNode }) {
  return /^[1-9]\d{0,18}$/.test(text) ? children(text) : <NotFoundPage />;
}
