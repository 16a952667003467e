import { Alert, Anchor, Group, List, Text, ThemeIcon } from "@mantine/core";
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { Overview } from "../../api/types";
import { needsOf } from "./needsOf";

/** What waits for the user, each with the way to where it is settled. */
export function NeedsList({ overview }: { overview: Overview }) {
  const needs = needsOf(overview);
  if (needs.length === 0) {
    return (
      <Group gap="xs" role="status">
        <ThemeIcon size="sm" radius="xl" color="green">
          <IconCheck size={14} aria-hidden />
        </ThemeIcon>
        <Text>Nothing needs you.</Text>
      </Group>
    );
  }
  return (
    <Alert color="orange" icon={<IconAlertTriangle aria-hidden />} title="Needs you" aria-label="Needs you">
      <List spacing={4} size="sm">
        {needs.map((need) => (
          <List.Item key={`${need.text} ${need.to}`}>
            {need.text}{" "}
            <Anchor component={Link} to={need.to} inherit underline="always" fw={600}>
              {need.action}
            </Anchor>
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
