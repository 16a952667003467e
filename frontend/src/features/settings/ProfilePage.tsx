import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Card, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { meQuery } from "../../api/me";
import { Figures } from "../../components/Figures";
import { PageHeader } from "../../components/PageHeader";
import { QueryState } from "../../components/QueryState";

/** Who is signed in. */
export function ProfilePage() {
  const me = useQuery(meQuery);
  return (
    <>
      <PageHeader title={t`Profile`}>
        <Trans>The account that you use bankimport with.</Trans>
      </PageHeader>
      <QueryState query={me} what={t`your profile`} />
      {me.data && (
        <Card component="section" aria-label={t`Profile`}>
          <Stack gap="sm">
            <Figures figures={[[t`E-mail address`, me.data.email]]} />
            <Text size="sm" c="dimmed">
              <Trans>Your data belongs to this account only; no other user sees it.</Trans>
            </Text>
          </Stack>
        </Card>
      )}
    </>
  );
}
