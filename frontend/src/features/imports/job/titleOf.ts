import type { ImportStatus } from "../../../api/types";
import { formatDuration } from "../../../lib/formatDuration";
import { isFinished } from "../isFinished";

/** The tab's title: an import's progress and remaining time, or its result. `now` is in milliseconds. */
export function titleOf(job: ImportStatus, now: number): string {
  const name = `Import ${job.job_id}`;
  const status = job.status.replaceAll("_", " ");
  if (isFinished(job)) return `${name} ${status}`;
  const left = job.estimated_completion === null ? 0 : (Date.parse(job.estimated_completion) - now) / 1_000;
  const parts = [`${job.progress.percent} %`, left >= 1 ? `${formatDuration(left)} left` : "", `${name} ${status}`];
  return parts.filter((part) => part !== "").join(", ");
}
