import { Badge } from "@mantine/core";

const COLOURS: Record<string, string> = {
  active: "green",
  completed: "green",
  running: "blue",
  syncing: "blue",
  queued: "gray",
  pending: "gray",
  waiting: "yellow",
  pausing: "yellow",
  paused: "yellow",
  cancelled: "gray",
  partly_failed: "orange",
  failed: "red",
  expired: "red",
};

export function StatusBadge({ status }: { status: string }) {
  return (
    <Badge color={COLOURS[status] ?? "gray"} variant="light">
      {status.replace("_", " ")}
    </Badge>
  );
}
