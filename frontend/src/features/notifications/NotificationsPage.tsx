import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Anchor, Badge, Button, Card, Group, Stack, Switch, Text } from "@mantine/core";
import { IconBell } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useRouter } from "@tanstack/react-router";
import { type MouseEvent, useState } from "react";
import { answered, api } from "../../api/client";
import { notificationQueries } from "../../api/notifications";
import { EmptyState } from "../../components/EmptyState";
import { MoreButton } from "../../components/MoreButton";
import { PageHeader } from "../../components/PageHeader";
import { Problem } from "../../components/Problem";
import { QueryState } from "../../components/QueryState";
import { When } from "../../components/When";
import { serverWords } from "../../lib/serverWords";
import { type Notification, useChange } from "./useNotifications";

/** All notifications, newest first. */
export function NotificationsPage() {
  const [unreadOnly, setUnreadOnly] = useState(false);
  const pages = useInfiniteQuery(notificationQueries.list(unreadOnly));
  const mark = useChange(({ isRead, ...which }: { isRead: boolean; ids?: string[]; up_to_id?: string }) =>
    answered(api.POST(isRead ? "/api/notifications/read" : "/api/notifications/unread", { body: which })),
  );
  const rows = pages.data?.pages.flatMap((page) => page.notifications) ?? [];
  const unread = pages.data?.pages[0]?.unread_count ?? 0;
  const newest = rows[0];
  return (
    <>
      <PageHeader
        title={t`Notifications`}
        badge={
          unread > 0 ? (
            <Badge>
              <Trans>{unread} unread</Trans>
            </Badge>
          ) : undefined
        }
        actions={
          <>
            <Button
              variant="default"
              disabled={unread === 0 || newest === undefined}
              loading={mark.isPending}
              onClick={() => newest && mark.mutate({ isRead: true, up_to_id: newest.id })}
            >
              <Trans>Mark all as read</Trans>
            </Button>
            <Button component={Link} to="/settings/notifications" variant="default">
              <Trans>Settings</Trans>
            </Button>
          </>
        }
      >
        <Trans>What happened while you were away.</Trans>
      </PageHeader>
      <Switch
        mb="md"
        label={t`Only unread`}
        checked={unreadOnly}
        onChange={(event) => setUnreadOnly(event.currentTarget.checked)}
      />
      {mark.error && <Problem error={mark.error} />}
      <QueryState query={pages} what={t`notifications`} />
      {pages.data && rows.length === 0 && (
        <EmptyState title={unreadOnly ? t`No unread notifications` : t`No notifications yet`} icon={IconBell}>
          <Trans>
            You get a notification when an import ends or fails, a consent is about to end, or days do not add up.
          </Trans>
        </EmptyState>
      )}
      <Stack gap="sm">
        {rows.map((item) => (
          <Item key={item.id} item={item} onMark={(isRead) => mark.mutate({ isRead, ids: [item.id] })} />
        ))}
      </Stack>
      <MoreButton pages={pages} />
    </>
  );
}

function Item({ item, onMark }: { item: Notification; onMark: (isRead: boolean) => void }) {
  const isRead = item.read_at !== null;
  const router = useRouter();
  /** Opens the link of a notification without reloading the page. */
  function follow(event: MouseEvent) {
    if (!isRead) onMark(true);
    if (event.metaKey || event.ctrlKey || event.shiftKey || item.link === null) return;
    event.preventDefault();
    router.history.push(item.link);
  }
  return (
    <Card component="article" aria-label={item.title}>
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <div>
          <Text fw={isRead ? 400 : 600}>
            {item.link ? (
              <Anchor href={item.link} inherit onClick={follow}>
                {item.title}
              </Anchor>
            ) : (
              item.title
            )}
          </Text>
          <Text>{serverWords(item.body)}</Text>
          <Text size="sm" c="dimmed">
            <When at={item.created_at} />
          </Text>
        </div>
        <Button size="compact-sm" variant="subtle" onClick={() => onMark(!isRead)} style={{ flexShrink: 0 }}>
          {isRead ? t`Mark as unread` : t`Mark as read`}
        </Button>
      </Group>
    </Card>
  );
}
