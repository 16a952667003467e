import { t } from "@lingui/core/macro";
import type { ImportStatus } from "../../../api/types";
import { codeWords } from "../../../lib/codeWords";
import { formatDuration } from "../../../lib/formatDuration";
import { isFinished } from "../isFinished";

/** The tab's title: an import's progress and remaining time, or its result. `now` is in milliseconds. */
export function titleOf(job: ImportStatus, now: number): string {
  const name = t`Import ${{ jobId: job.job_id }}`;
  const status = codeWords(job.status);
  if (isFinished(job)) return `${name} ${status}`;
  const left = job.estimated_completion === null ? 0 : (Date.parse(job.estimated_completion) - now) / 1_000;
  const parts = [
    `${job.progress.percent} %`,
    left >= 1 ? t`${{ left: formatDuration(left) }} left` : "",
    `${name} ${status}`,
  ];
  return parts.filter((part) => part !== "").join(", ");
}
