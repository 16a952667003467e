import { t } from "@lingui/core/macro";
import type { ImportStatus } from "../../../api/types";
import { codeWords } from "../../../lib/codeWords";
import { formatDuration } from "../../../lib/formatDuration";
import { listed } from "../../../lib/listed";
import { isFinished } from "../isFinished";

/** The tab's title: an import's progress and remaining time, or its result. `now` is in milliseconds. */
export function titleOf(job: ImportStatus, now: number): string {
  const title = t`Import ${{ jobId: job.job_id }} ${{ status: codeWords(job.status) }}`;
  if (isFinished(job)) return title;
  const left = job.estimated_completion === null ? 0 : (Date.parse(job.estimated_completion) - now) / 1_000;
  return listed([
    t`${{ percent: job.progress.percent }} %`,
    left >= 1 && t`${{ left: formatDuration(left) }} left`,
    title,
  ]);
}
