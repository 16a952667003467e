import { Badge, Text } from "@mantine/core";
import { IconAlertTriangle, IconClock, IconPlugOff } from "@tabler/icons-react";
import type { Connection } from "../../api/types";
import { When } from "../../components/When";
import { counted } from "../../lib/formatCount";

/** How long a consent lasts, in whole days, in words and colour. */
export function ConsentCountdown({ connection }: { connection: Connection }) {
  const { consent_days_left: days, consent_expires_at: end } = connection;
  if (days === null || end === null) {
    return (
      <Text size="sm" c="dimmed">
        The bank does not say how long the consent lasts.
      </Text>
    );
  }
  const hasEnded = connection.status === "expired" || Date.parse(end) <= Date.now();
  const colour = hasEnded || days < 3 ? "red" : days < 14 ? "yellow" : "green";
  const Sign = hasEnded ? IconPlugOff : days < 14 ? IconAlertTriangle : IconClock;
  return (
    <Text size="sm" c="dimmed" component="div">
      <Badge color={colour} variant="light" leftSection={<Sign size={12} aria-hidden />} mr="xs">
        {hasEnded ? "consent ended" : days === 0 ? "ends today" : `${counted(days, "day")} left`}
      </Badge>
      until <When at={end} exact />
    </Text>
  );
}
