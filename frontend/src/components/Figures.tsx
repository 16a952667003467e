import type { ReactNode } from "react";
import classes from "./Figures.module.css";

type Props = { figures: [name: string, value: ReactNode][] };

/** Named figures side by side. */
export function Figures({ figures }: Props) {
  return (
    <dl className={classes.figures}>
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
