import { Badge } from "@mantine/core";
import {
  type Icon,
  IconAlertTriangle,
  IconArrowBackUp,
  IconBan,
  IconCheck,
  IconCircleDashed,
  IconClock,
  IconHourglass,
  IconPlayerPause,
  IconPlugOff,
  IconRefresh,
  IconX,
} from "@tabler/icons-react";
import { codeWords } from "../lib/codeWords";

type Look = { colour: string; icon: Icon };

const LOOKS: Record<string, Look> = {
  active: { colour: "green", icon: IconCheck },
  completed: { colour: "green", icon: IconCheck },
  succeeded: { colour: "green", icon: IconCheck },
  running: { colour: "blue", icon: IconRefresh },
  syncing: { colour: "blue", icon: IconRefresh },
  enriching: { colour: "blue", icon: IconRefresh },
  queued: { colour: "gray", icon: IconClock },
  pending: { colour: "gray", icon: IconClock },
  answered: { colour: "green", icon: IconCheck },
  malformed: { colour: "orange", icon: IconAlertTriangle },
  reserved: { colour: "gray", icon: IconClock },
  stopped: { colour: "orange", icon: IconPlayerPause },
  planned: { colour: "gray", icon: IconCircleDashed },
  waiting: { colour: "yellow", icon: IconHourglass },
  pausing: { colour: "yellow", icon: IconPlayerPause },
  paused: { colour: "yellow", icon: IconPlayerPause },
  cancelled: { colour: "gray", icon: IconBan },
  skipped: { colour: "gray", icon: IconBan },
  undone: { colour: "gray", icon: IconArrowBackUp },
  partly_failed: { colour: "orange", icon: IconAlertTriangle },
  failed: { colour: "red", icon: IconX },
  expired: { colour: "red", icon: IconPlugOff },
  removed: { colour: "gray", icon: IconPlugOff },
};

/** A status as a word with an icon, so that colour is not the only difference. */
export function StatusBadge({ status }: { status: string }) {
  const { colour, icon: Sign } = LOOKS[status] ?? { colour: "gray", icon: IconCircleDashed };
  return (
    <Badge miw="max-content" color={colour} variant="light" leftSection={<Sign size={12} stroke={2.5} aria-hidden />}>
      {codeWords(status)}
    </Badge>
  );
}
