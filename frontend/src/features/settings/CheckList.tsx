import { ph, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Alert, List, Text, ThemeIcon } from "@mantine/core";
import { IconCheck, IconX } from "@tabler/icons-react";
import type { SetupChecks } from "../../api/types";
import { capitalised } from "../../lib/capitalised";

/** What the check of the set-up found, and what to do about each fault. */
export function CheckList({ checks }: { checks: SetupChecks }) {
  return (
    <Alert
      color={checks.is_well ? "green" : "red"}
      title={checks.is_well ? t`Saved; you can connect a bank now` : t`Nothing was saved`}
      role={checks.is_well ? "status" : "alert"}
    >
      <List spacing="xs" size="sm">
        {checks.checks.map((check) => (
          <List.Item
            key={check.name}
            icon={
              <ThemeIcon size={20} radius="xl" color={check.is_well ? "green" : "red"}>
                {check.is_well ? (
                  <IconCheck size={14} aria-label={t`Well`} />
                ) : (
                  <IconX size={14} aria-label={t`Wrong`} />
                )}
              </ThemeIcon>
            }
            style={{ overflowWrap: "anywhere" }}
          >
            {capitalised(check.found)}
            {check.remedy && (
              <Text size="sm" fw={500}>
                <Trans>What to do: {ph({ remedy: check.remedy })}.</Trans>
              </Text>
            )}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
