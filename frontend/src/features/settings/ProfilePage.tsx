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
      <PageHeader title="Profile">The account that you use bankimport with.</PageHeader>
      <QueryState query={me} what="your profile" />
      {me.data && (
        <Card component="section" aria-label="Profile">
          <Stack gap="sm">
            <Figures figures={[["E-mail address", me.data.email]]} />
            <Text size="sm" c="dimmed">
              Your data belongs to this account only; no other user sees it.
            </Text>
          </Stack>
        </Card>
      )}
    </>
  );
}
