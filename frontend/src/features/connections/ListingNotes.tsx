import { Text } from "@mantine/core";
import type { Connection } from "../../api/types";
import { counted } from "../../lib/formatCount";

/** What the bank did not list last time, and entries of its list that could not be read. */
export function ListingNotes({ connection }: { connection: Connection }) {
  const kinds = connection.not_listed.map((item) => (item.kind === "card" ? "cards" : "accounts"));
  const count = connection.unreadable.length;
  return (
    <>
      {kinds.length > 0 && (
        <Text size="sm" c="dimmed">
          The bank did not list its {kinds.join(" and ")} last time. Known ones stay as they are.
        </Text>
      )}
      {count > 0 && (
        <Text size="sm" c="red">
          {counted(count, "entry", "entries")} of the bank's list could not be read: {connection.unreadable.join("; ")}.
        </Text>
      )}
    </>
  );
}
