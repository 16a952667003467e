/** A duration in its two largest units, such as “2 min 5 s”. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const parts: [number, string][] = [
    [Math.floor(whole / 86_400), "d"],
    [Math.floor(whole / 3_600) % 24, "h"],
    [Math.floor(whole / 60) % 60, "min"],
    [whole % 60, "s"],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(" ");
}

/** A range of durations, such as “5 s to 2 min”, or one figure if both ends read the same. */
export function formatDurations(low: number, high: number): string {
  const [least, most] = [formatDuration(low), formatDuration(high)];
  return least === most ? `about ${least}` : `${least} to ${most}`;
}
