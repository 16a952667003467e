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
      <PageHeader title="TrueLayer">
        bankimport reads banks through your own application at TrueLayer. All users of this installation share it.
      </PageHeader>
      <QueryState query={setup} what="the set-up" />
      {setup.data && (
        <Stack>
          <InUse setup={setup.data} />
          {setup.data.source === "environment" ? (
            <Text size="sm" c="dimmed">
              The client id and secret come from the environment variables TRUELAYER_CLIENT_ID and
              TRUELAYER_CLIENT_SECRET. To set them up here, unset both and restart.
            </Text>
          ) : me.data?.role === "admin" ? (
            <>
              <Steps redirectUri={setup.data.redirect_uri} />
              <TrueLayerForm setup={setup.data} />
            </>
          ) : (
            <Alert color="blue">Only an administrator can change this.</Alert>
          )}
        </Stack>
      )}
    </>
  );
}

function InUse({ setup }: { setup: TrueLayerSetup }) {
  if (setup.source === "none") {
    return (
      <Alert color="yellow" title="TrueLayer is not set up yet" role="status">
        No bank can be connected until it is.
      </Alert>
    );
  }
  return (
    <Card component="section" aria-label="In use">
      <Figures
        figures={[
          ["Environment", setup.environment ?? "your own hosts"],
          ["Client id", setup.client_id],
          ["Host", setup.auth_url],
          ["Comes from", setup.source === "environment" ? "environment variables" : "this page or bankimport setup"],
        ]}
      />
    </Card>
  );
}

function Steps({ redirectUri }: { redirectUri: string }) {
  return (
    <Card component="section" aria-label="Steps">
      <List type="ordered" spacing="xs" size="sm">
        <List.Item>
          Sign in to{" "}
          <Anchor inherit underline="always" href={CONSOLE} target="_blank" rel="noreferrer">
            TrueLayer's console
          </Anchor>{" "}
          and create an application with the Data API, or open yours. The sandbox has mock banks only and is free.
        </List.Item>
        <List.Item>
          In the application's settings, add this redirect URI, exactly as it is:
          <CopyText value={redirectUri} what="the redirect URI" />
        </List.Item>
        <List.Item>Copy the client id and the client secret from the console into the form below.</List.Item>
      </List>
    </Card>
  );
}
