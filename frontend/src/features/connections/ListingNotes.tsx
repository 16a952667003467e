import { ph, t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Text } from "@mantine/core";
import type { Connection } from "../../api/types";
import { allOf, listed } from "../../lib/listed";

/** What the bank did not list last time, and entries of its list that could not be read. */
export function ListingNotes({ connection }: { connection: Connection }) {
  const kinds = connection.not_listed.map((item) => (item.kind === "card" ? t`cards` : t`accounts`));
  const count = connection.unreadable.length;
  return (
    <>
      {kinds.length > 0 && (
        <Text size="sm" c="dimmed">
          <Trans>The bank did not list its {ph({ kinds: allOf(kinds) })} last time. Known ones stay as they are.</Trans>
        </Text>
      )}
      {count > 0 && (
        <Text size="sm" c="red">
          <Trans>
            <Plural value={count} one="# entry" other="# entries" /> of the bank's list could not be read:{" "}
            {ph({ unreadable: listed(connection.unreadable) })}.
          </Trans>
        </Text>
      )}
    </>
  );
}
