import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button, Stack } from "@mantine/core";
import { IconBuildingBank, IconPlug, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { setupQueries } from "../../api/setup";
import { useConnectBank } from "../../api/useConnectBank";
import { EmptyState } from "../../components/EmptyState";
import { PageHeader } from "../../components/PageHeader";
import { Problem } from "../../components/Problem";

/** Before any bank is connected: what happens next, and the button for it. */
export function FirstPage() {
  const setup = useQuery(setupQueries.truelayer());
  return (
    <>
      <PageHeader title={t`Welcome to bankimport`} />
      {setup.data?.source === "none" ? <SetUpFirst /> : <ConnectFirst />}
    </>
  );
}

function SetUpFirst() {
  return (
    <EmptyState
      icon={IconPlug}
      title={t`First, set up TrueLayer`}
      action={
        <Button component={Link} to="/settings/truelayer" size="md">
          <Trans>Set up TrueLayer</Trans>
        </Button>
      }
    >
      <Trans>
        bankimport reaches banks through your own application at TrueLayer. It takes three steps in TrueLayer's console,
        and the sandbox is free. Then you connect your first bank.
      </Trans>
    </EmptyState>
  );
}

function ConnectFirst() {
  const connect = useConnectBank();
  return (
    <EmptyState
      icon={IconBuildingBank}
      title={t`Connect your first bank`}
      action={
        <Stack gap="sm" align="center">
          {connect.error && <Problem error={connect.error} />}
          <Button
            size="md"
            loading={connect.isPending}
            leftSection={<IconPlus size={18} aria-hidden />}
            onClick={() => connect.mutate(null)}
          >
            <Trans>Connect a bank</Trans>
          </Button>
        </Stack>
      }
    >
      <Trans>
        You choose the bank and what to share on the bank's own pages; bankimport never sees your bank password.
        Afterwards one button imports everything that the bank gives.
      </Trans>
    </EmptyState>
  );
}
