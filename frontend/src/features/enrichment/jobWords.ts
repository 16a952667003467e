import { counted } from "../../lib/formatCount";
import { formatMoney } from "../../lib/formatMoney";
import type { EnrichmentJob } from "./useEnrichment";

/** The cost of a job's calls to a model; an unknown price is shown as unknown. */
export function costWords(job: EnrichmentJob): string {
  if (job.calls === 0) return "no calls to a model";
  if (job.total_cost === null || job.currency === null) return `${counted(job.calls, "call")} of unknown cost`;
  return `${formatMoney(job.total_cost, job.currency)} for ${counted(job.calls, "call")}`;
}

/** What a job is about. */
export function scopeWords(job: EnrichmentJob): string {
  if (job.rule_id !== null) return `applies rule ${job.rule_id}`;
  if (job.import_job_id !== null) return `of import ${job.import_job_id}`;
  return job.is_refresh ? "with a newer model" : "";
}

/** How far a job is, 0 to 100. */
export function percentOf(job: EnrichmentJob): number {
  return job.total_transactions === 0 ? 100 : Math.floor((100 * job.processed) / job.total_transactions);
}
