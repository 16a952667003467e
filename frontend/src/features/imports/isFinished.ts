import type { ImportStatus } from "../../api/types";

export function isFinished(job: Pick<ImportStatus, "completed_at">): boolean {
  return job.completed_at !== null;
}
