import type { ImportStatus } from "../../api/types";

export function isFinished(job: ImportStatus): boolean {
  return job.completed_at !== null;
}
