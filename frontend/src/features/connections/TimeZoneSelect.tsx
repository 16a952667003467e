import { t } from "@lingui/core/macro";
import { Select } from "@mantine/core";
import type { Connection } from "../../api/types";
import { Problem } from "../../components/Problem";
import { useSetTimeZone } from "./useSetTimeZone";

const UNKNOWN = "UTC";

/** The time zone of a bank's days; a change also changes the dates of its stored rows. */
export function TimeZoneSelect({ connection }: { connection: Connection }) {
  const change = useSetTimeZone(connection.id);
  const zone = connection.time_zone ?? UNKNOWN;
  const description = connection.time_zone
    ? t`Rows are dated in this time zone, as on the bank's statement.`
    : t`The bank's country is unknown, so rows are dated in UTC. Choose the bank's own time zone.`;
  return (
    <>
      <Select
        label={t`The bank's time zone`}
        description={description}
        data={[...new Set([UNKNOWN, zone, ...Intl.supportedValuesOf("timeZone")])]}
        value={zone}
        onChange={(chosen) => chosen && chosen !== zone && change.mutate(chosen)}
        allowDeselect={false}
        disabled={change.isPending}
        searchable
        limit={100}
        size="xs"
        maw={360}
      />
      {change.error && <Problem error={change.error} />}
    </>
  );
}
