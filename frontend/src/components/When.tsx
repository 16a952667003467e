import { formatAgo } from "../lib/formatAgo";
import { formatInstant } from "../lib/formatDay";
import { useNow } from "../lib/useNow";

/** An instant as people say it, such as “5 minutes ago”, in the reader's own time; the exact one on hover. */
export function When({ at, exact = false }: { at: string; exact?: boolean }) {
  const now = useNow(30_000);
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const full = new Date(at).toLocaleString(undefined, { dateStyle: "full", timeStyle: "long" });
  return (
    <time dateTime={at} title={`${full} (${zone})`}>
      {exact ? formatInstant(at) : formatAgo(at, now)}
    </time>
  );
}
