import type { ReactNode } from "react";
import { NotFoundPage } from "./NotFoundPage";

/** A page for the id in the path, such as /imports/7; anything else shows the not-found page. */
export function Numbered({ text, children }: { text: string; children: (id: string) => ReactNode }) {
  return /^[1-9]\d{0,18}$/.test(text) ? children(text) : <NotFoundPage />;
}
