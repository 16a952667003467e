import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
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
        <Text>
          <Trans>Nothing needs you.</Trans>
        </Text>
      </Group>
    );
  }
  return (
    <Alert color="orange" icon={<IconAlertTriangle aria-hidden />} title={t`Needs you`} aria-label={t`Needs you`}>
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
