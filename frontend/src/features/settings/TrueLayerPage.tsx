import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Alert, Anchor, Card, List, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { meQuery } from "../../api/me";
import { setupQueries } from "../../api/setup";
import type { TrueLayerSetup } from "../../api/types";
import { CopyText } from "../../components/CopyText";
import { Figures } from "../../components/Figures";
import { PageHeader } from "../../components/PageHeader";
import { QueryState } from "../../components/QueryState";
import { TrueLayerForm } from "./TrueLayerForm";

const CONSOLE = "https://console.truelayer.com";

/** Our client id at TrueLayer: which is in use, how to get one, and a form that checks and stores it. */
export function TrueLayerPage() {
  const setup = useQuery(setupQueries.truelayer());
  const me = useQuery(meQuery);
  return (
    <>
      <PageHeader title={t`TrueLayer`}>
        <Trans>
          bankimport reads banks through your own application at TrueLayer. All users of this installation share it.
        </Trans>
      </PageHeader>
      <QueryState query={setup} what={t`the set-up`} />
      {setup.data && (
        <Stack>
          <InUse setup={setup.data} />
          {setup.data.source === "environment" ? (
            <Text size="sm" c="dimmed">
              <Trans>
                The client id and secret come from the environment variables TRUELAYER_CLIENT_ID and
                TRUELAYER_CLIENT_SECRET. To set them up here, unset both and restart.
              </Trans>
            </Text>
          ) : me.data?.role === "admin" ? (
            <>
              <Steps redirectUri={setup.data.redirect_uri} />
              <TrueLayerForm setup={setup.data} />
            </>
          ) : (
            <Alert color="blue">
              <Trans>Only an administrator can change this.</Trans>
            </Alert>
          )}
        </Stack>
      )}
    </>
  );
}

function InUse({ setup }: { setup: TrueLayerSetup }) {
  if (setup.source === "none") {
    return (
      <Alert color="yellow" title={t`TrueLayer is not set up yet`} role="status">
        <Trans>No bank can be connected until it is.</Trans>
      </Alert>
    );
  }
  return (
    <Card component="section" aria-label={t`In use`}>
      <Figures
        figures={[
          [t`Environment`, setup.environment ?? t`your own hosts`],
          [t`Client id`, setup.client_id],
          [t`Host`, setup.auth_url],
          [t`Comes from`, setup.source === "environment" ? t`environment variables` : t`this page or bankimport setup`],
        ]}
      />
    </Card>
  );
}

function Steps({ redirectUri }: { redirectUri: string }) {
  return (
    <Card component="section" aria-label={t`Steps`}>
      <List type="ordered" spacing="xs" size="sm">
        <List.Item>
          <Trans>
            Sign in to{" "}
            <Anchor inherit underline="always" href={CONSOLE} target="_blank" rel="noreferrer">
              TrueLayer's console
            </Anchor>{" "}
            and create an application with the Data API, or open yours. The sandbox has mock banks only and is free.
          </Trans>
        </List.Item>
        <List.Item>
          <Trans>In the application's settings, add this redirect URI, exactly as it is:</Trans>
          <CopyText value={redirectUri} what={t`the redirect URI`} />
        </List.Item>
        <List.Item>
          <Trans>Copy the client id and the client secret from the console into the form below.</Trans>
        </List.Item>
      </List>
    </Card>
  );
}
