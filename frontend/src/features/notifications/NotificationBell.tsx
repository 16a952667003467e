import { t } from "@lingui/core/macro";
import { ActionIcon, Indicator } from "@mantine/core";
import { IconBell } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { notificationQueries } from "../../api/notifications";

/** A link to the notifications, with the number of unread ones. */
export function NotificationBell() {
  const unread = useQuery(notificationQueries.newest()).data?.unread_count ?? 0;
  return (
    <Indicator disabled={unread === 0} label={unread > 99 ? "99+" : unread} size={16} offset={4}>
      <ActionIcon
        component={Link}
        to="/notifications"
        variant="default"
        size={34}
        aria-label={unread === 0 ? t`Notifications` : t`Notifications, ${unread} unread`}
      >
        <IconBell size={18} stroke={1.6} aria-hidden />
      </ActionIcon>
    </Indicator>
  );
}
