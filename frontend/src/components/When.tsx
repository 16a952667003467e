import { formatAgo, formatDistance, formatInstant, formatInstantFully } from "../lib/dates";
import { useTimeZone } from "../lib/timeZone";
import { useNow } from "../lib/useNow";

/** A time relative to now, such as “5 minutes ago”, or `exact`; on hover both, with the name of the zone. */
export function When({ at, exact = false }: { at: string; exact?: boolean }) {
  const now = useNow(30_000);
  useTimeZone();
  const distance = formatDistance((Date.parse(at) - now) / 1000);
  return (
    <time dateTime={at} title={`${formatInstantFully(at)}, ${distance}`}>
      {exact ? formatInstant(at) : formatAgo(at, now)}
    </time>
  );
}
