import { t } from "@lingui/core/macro";

/** A duration in its two largest units, such as “2 min 5 s”. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return t`${{ seconds: whole }} s`;
  const [days, hours, minutes] = [
    Math.floor(whole / 86_400),
    Math.floor(whole / 3_600) % 24,
    Math.floor(whole / 60) % 60,
  ];
  const parts: [number, string][] = [
    [days, t`${days} d`],
    [hours, t`${hours} h`],
    [minutes, t`${minutes} min`],
    [whole % 60, t`${{ seconds: whole % 60 }} s`],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([, words]) => words)
    .join(" ");
}

/** A range of durations, such as “5 s to 2 min”, or one figure if both ends read the same. */
export function formatDurations(low: number, high: number): string {
  const [least, most] = [formatDuration(low), formatDuration(high)];
  return least === most ? t`about ${least}` : t`${least} to ${most}`;
}
