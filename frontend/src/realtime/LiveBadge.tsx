import { msg, t } from "@lingui/core/macro";
import { Badge, Tooltip } from "@mantine/core";
import { IconBolt, IconRefresh } from "@tabler/icons-react";
import { useConnection } from "./socket";

const SAID = {
  connecting: { label: msg`Connecting`, about: msg`Connecting to live updates.`, color: "gray" },
  live: { label: msg`Live`, about: msg`Updates appear as they happen.`, color: "green" },
  polling: {
    label: msg`Checking every 2 s`,
    about: msg`The live connection is down. The page checks every 2 seconds and keeps trying to reconnect.`,
    color: "yellow",
  },
} as const;

/** Shows how the numbers beside it are kept up to date. */
export function LiveBadge() {
  const connection = useConnection();
  const { label, about, color } = SAID[connection];
  const Icon = connection === "live" ? IconBolt : IconRefresh;
  return (
    <Tooltip label={t(about)} multiline maw={260}>
      <Badge
        role="status"
        variant="light"
        color={color}
        leftSection={<Icon size={12} aria-hidden />}
        data-connection={connection}
        tabIndex={0}
      >
        {t(label)}
      </Badge>
    </Tooltip>
  );
}
