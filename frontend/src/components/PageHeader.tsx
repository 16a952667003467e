import { Group, Stack, Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";

type Props = { title: string; badge?: ReactNode; children?: ReactNode; actions?: ReactNode };

/** The heading of a page, also used as the window's title; `children` describe the page. */
export function PageHeader({ title, badge, children, actions }: Props) {
  useDocumentTitle(`${title} · bankimport`);
  return (
    <Group justify="space-between" align="flex-start" mb="lg" gap="sm">
      <Stack gap={4}>
        <Group gap="sm">
          <Title order={1} size="h2">
            {title}
          </Title>
          {badge}
        </Group>
        {children && (
          <Text c="dimmed" component="div" maw={680}>
            {children}
          </Text>
        )}
      </Stack>
      {actions && <Group gap="xs">{actions}</Group>}
    </Group>
  );
}
