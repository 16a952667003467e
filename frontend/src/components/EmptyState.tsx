import { Center, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import { type Icon, IconInbox } from "@tabler/icons-react";
import type { ReactNode } from "react";

type Props = { title: string; children?: ReactNode; action?: ReactNode; icon?: Icon };

/** Says that there is nothing to show, why, and what to do. */
export function EmptyState({ title, children, action, icon: Picture = IconInbox }: Props) {
  return (
    <Center py={48} px="md">
      <Stack align="center" gap="sm" maw={460} ta="center">
        <ThemeIcon size={56} radius="xl" variant="light">
          <Picture size={28} stroke={1.5} aria-hidden />
        </ThemeIcon>
        <Title order={2} size="h4">
          {title}
        </Title>
        {children && (
          <Text c="dimmed" component="div">
            {children}
          </Text>
        )}
        {action}
      </Stack>
    </Center>
  );
}
