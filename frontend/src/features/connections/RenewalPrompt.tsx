import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { IconUserQuestion } from "@tabler/icons-react";
import type { Connection } from "../../api/types";
import { Problem } from "../../components/Problem";
import { listed } from "../../lib/listed";
import { useDecideRenewal } from "./useDecideRenewal";

/** Asks what to do with a consent that was given to renew this connection and does not replace it yet. */
export function RenewalPrompt({ connection }: { connection: Connection }) {
  const decide = useDecideRenewal(connection.id);
  const { renewal } = connection;
  if (!renewal) return null;
  const isOther = renewal.state === "another_login";
  return (
    <Alert
      color="yellow"
      icon={<IconUserQuestion aria-hidden />}
      title={isOther ? t`You signed in with another login` : t`The new consent is waiting`}
    >
      <Stack gap="xs">
        <Text size="sm">
          {isOther
            ? t`It shares ${{ accounts: namesInWords(renewal.accounts) }}, but not every account of this connection. Nothing was changed yet.`
            : t`The bank has not listed its accounts yet. “Refresh accounts” tries again; your previous consent stays in use.`}
        </Text>
        <Group gap="xs">
          <Button size="compact-sm" loading={decide.isPending} onClick={() => decide.mutate("add")}>
            <Trans>Add it as a second connection</Trans>
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            disabled={decide.isPending}
            onClick={() => decide.mutate("replace")}
          >
            <Trans>Replace the login of this connection</Trans>
          </Button>
          <Button
            size="compact-sm"
            variant="subtle"
            disabled={decide.isPending}
            onClick={() => decide.mutate("cancel")}
          >
            <Trans>Cancel and end the new consent</Trans>
          </Button>
        </Group>
        {decide.error && <Problem error={decide.error} />}
      </Stack>
    </Alert>
  );
}

function namesInWords(names: string[]): string {
  if (names.length === 0) return t`no account`;
  const shown = listed(names.slice(0, 3));
  return names.length > 3 ? t`${shown} and ${{ names: names.length - 3 }} more` : shown;
}
