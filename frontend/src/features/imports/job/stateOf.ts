import type { ImportStatus } from "../../../api/types";
import { isFinished } from "../isFinished";

type Job = Pick<ImportStatus, "status" | "completed_at"> & {
  progress: Pick<ImportStatus["progress"], "percent" | "total_accounts">;
};

const INCOMPLETE = new Set(["partly_failed", "failed", "cancelled", "undone"]);

/** The state of several imports as one: percent by accounts, and `completed` only if all of them are. */
export function stateOf(jobs: Job[]): { percent: number; status: ImportStatus["status"] } {
  const accounts = jobs.reduce((sum, job) => sum + job.progress.total_accounts, 0);
  const done = jobs.reduce((sum, job) => sum + job.progress.percent * job.progress.total_accounts, 0);
  return { percent: accounts === 0 ? 0 : Math.floor(done / accounts), status: statusOf(jobs) };
}

function statusOf(jobs: Job[]): ImportStatus["status"] {
  const [first, ...others] = jobs.map((job) => job.status);
  if (first !== undefined && others.every((status) => status === first)) return first;
  const open = jobs.filter((job) => !isFinished(job)).map((job) => job.status);
  if (open.length > 0) return open.includes("running") ? "running" : (open[0] ?? "running");
  return jobs.some((job) => INCOMPLETE.has(job.status)) ? "partly_failed" : "enriching";
}
