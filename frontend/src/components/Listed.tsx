import { Trans } from "@lingui/react/macro";
import { Children, type ReactNode } from "react";

/** Separate facts, some of them elements, such as “Started 5 minutes ago, in progress”; empty ones are left out. */
export function Listed({ children }: { children: ReactNode }) {
  const [first, ...rest] = Children.toArray(children).filter((fact) => fact !== "");
  return rest.reduce<ReactNode>(
    (before, fact) => (
      <Trans>
        {before}, {fact}
      </Trans>
    ),
    first,
  );
}
