import { Badge, Tooltip } from "@mantine/core";
import { IconBolt, IconRefresh } from "@tabler/icons-react";
import { useConnection } from "./socket";

const SAID = {
  connecting: { label: "Connecting", about: "Connecting to live updates.", color: "gray" },
  live: { label: "Live", about: "Updates appear as they happen.", color: "green" },
  polling: {
    label: "Checking every 2 s",
    about: "The live connection is down. The page checks every 2 seconds and keeps trying to reconnect.",
    color: "yellow",
  },
} as const;

/** Shows how the numbers beside it are kept up to date. */
export function LiveBadge() {
  const connection = useConnection();
  const { label, about, color } = SAID[connection];
  const Icon = connection === "live" ? IconBolt : IconRefresh;
  return (
    <Tooltip label={about} multiline maw={260}>
      <Badge
        role="status"
        variant="light"
        color={color}
        leftSection={<Icon size={12} aria-hidden />}
        data-connection={connection}
        tabIndex={0}
      >
        {label}
      </Badge>
    </Tooltip>
  );
}
