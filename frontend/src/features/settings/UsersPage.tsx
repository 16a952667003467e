import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Alert, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { meQuery } from "../../api/me";
import { PageHeader } from "../../components/PageHeader";
import { QueryState } from "../../components/QueryState";
import { Users } from "./Users";

/** The users of this installation; only administrators may see and change them. */
export function UsersPage() {
  const me = useQuery(meQuery);
  return (
    <>
      <PageHeader title={t`Users`}>
        <Trans>
          Each user sees only their own banks and rows. Administrators manage users; they do not see others’ rows.
        </Trans>
      </PageHeader>
      <QueryState query={me} what={t`your account`} />
      {me.data?.role === "admin" && <Users myId={me.data.id} />}
      {me.data && me.data.role !== "admin" && (
        <Alert title={t`Only administrators manage users`}>
          <Text size="sm">
            <Trans>Ask an administrator to invite, disable or delete somebody.</Trans>
          </Text>
        </Alert>
      )}
    </>
  );
}
