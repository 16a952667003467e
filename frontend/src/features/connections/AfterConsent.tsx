import { ph, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { Link, useNavigate } from "@tanstack/react-router";
import type { Connection } from "../../api/types";
import { useStartPlanned } from "../../api/useStartPlanned";
import { Problem } from "../../components/Problem";
import { When } from "../../components/When";
import { formatDuration } from "../../lib/formatDuration";
import { useNow } from "../../lib/useNow";

/** Right after a consent: how long the bank still gives its whole history, and one button that imports it. */
export function AfterConsent({ connection }: { connection: Connection }) {
  const start = useStartPlanned();
  const navigate = useNavigate();
  function importAll() {
    start.mutate(
      {
        connection_id: connection.id,
        job_type: "full_sync",
        from_date: null,
        to_date: null,
        account_ids: [],
        card_ids: [],
        auto_enrich: true,
        dry_run: false,
      },
      { onSuccess: ({ job_id }) => void navigate({ to: "/imports/$jobId", params: { jobId: job_id } }) },
    );
  }
  return (
    <Alert color="green" title={t`${{ bank: connection.bank }} is connected`} icon={<IconCheck aria-hidden />}>
      <Stack gap="sm" align="flex-start">
        <DeepHistory until={connection.deep_history_until} />
        <Group>
          <Button loading={start.isPending} onClick={importAll}>
            <Trans>Import everything the bank gives</Trans>
          </Button>
          <Button
            variant="default"
            renderRoot={(props) => (
              <Link {...props} to="/imports/new" search={{ connection: connection.id, range: "all" }} />
            )}
          >
            <Trans>Choose days and accounts</Trans>
          </Button>
        </Group>
        {start.error && <Problem error={start.error} title={t`Starting the import failed`} />}
      </Stack>
    </Alert>
  );
}

/** The time until which banks give old rows, counted down; afterwards, what to do. */
function DeepHistory({ until }: { until: string }) {
  const now = useNow(1_000);
  const left = (Date.parse(until) - now) / 1_000;
  if (left <= 0) {
    return (
      <Text size="sm">
        <Trans>
          By now the bank may give only its last 90 days. Reconnect it to have its older history opened for some minutes
          again.
        </Trans>
      </Text>
    );
  }
  return (
    <Text size="sm">
      <Trans>
        Many banks give their older history only until <When at={until} isTimeOnly />:{" "}
        <Text span inherit fw={700} role="timer">
          {ph({ left: formatDuration(left) })}
        </Text>{" "}
        left.
      </Trans>
    </Text>
  );
}
