import { formatAgo } from "../lib/formatAgo";
import { formatInstant } from "../lib/formatDay";
import { useTimeZone } from "../lib/timeZone";
import { useNow } from "../lib/useNow";

/** A time relative to now, such as “5 minutes ago”; the exact local time is shown on hover. */
export function When({ at, exact = false }: { at: string; exact?: boolean }) {
  const now = useNow(30_000);
  const chosen = useTimeZone();
  const zone = chosen ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const full = new Date(at).toLocaleString(undefined, { dateStyle: "full", timeStyle: "long", timeZone: chosen });
  return (
    <time dateTime={at} title={`${full} (${zone})`}>
      {exact ? formatInstant(at) : formatAgo(at, now)}
    </time>
  );
}
