import { formatAgo, formatDistance, formatInstant, formatInstantFully, formatTime } from "../lib/dates";
import { useTimeZone } from "../lib/timeZone";
import { useNow } from "../lib/useNow";

type Props = { at: string; exact?: boolean; isTimeOnly?: boolean; isDistance?: boolean };

/** A time relative to now, such as “5 minutes ago”, or `exact`, or only its time of day or its distance, however far; on hover all of it, with the
 * name of the zone. */
export function When({ at, exact = false, isTimeOnly = false, isDistance = false }: Props) {
  const now = useNow(30_000);
  useTimeZone();
  const distance = formatDistance((Date.parse(at) - now) / 1000);
  let shown = formatAgo(at, now);
  if (exact) shown = formatInstant(at);
  if (isTimeOnly) shown = formatTime(at);
  if (isDistance) shown = distance;
  return (
    <time dateTime={at} title={`${formatInstantFully(at)}, ${distance}`}>
      {shown}
    </time>
  );
}
