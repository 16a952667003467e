import { t } from "@lingui/core/macro";
import { Progress } from "@mantine/core";

const COLOURS: Record<string, string> = {
  completed: "green",
  enriching: "green",
  running: "indigo",
  syncing: "indigo",
  waiting: "yellow",
  pausing: "yellow",
  paused: "yellow",
  partly_failed: "orange",
  failed: "red",
};

type Props = { percent: number; status: string; of: string; size?: "sm" | "md" | "xl" };

/** The colour of a status, for bars that are labelled otherwise. */
export function workColour(status: string): string {
  return COLOURS[status] ?? "gray";
}

/** A progress bar in the colour of the status; it is never full for failed or cancelled work. */
export function WorkBar({ percent, status, of, size = "md" }: Props) {
  const isMoving = status === "running" || status === "syncing";
  return (
    <Progress
      value={percent}
      size={size}
      color={workColour(status)}
      animated={isMoving}
      aria-label={t`${percent} percent of ${of}`}
    />
  );
}
