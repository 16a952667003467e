import { Badge, Tooltip } from "@mantine/core";
import { IconBolt, IconRefresh } from "@tabler/icons-react";
import { useConnection } from "./socket";

const SAID = {
  connecting: { label: "Connecting", about: "News will come by itself in a moment.", color: "gray" },
  live: { label: "Live", about: "News comes by itself, as it happens.", color: "green" },
  polling: {
    label: "Checking every 2 s",
    about: "The live connection is down, so the page asks every 2 seconds. It goes on trying to connect.",
    color: "yellow",
  },
} as const;

/** Says how the numbers beside it are kept fresh. */
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
