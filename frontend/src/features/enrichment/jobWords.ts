import { plural, t } from "@lingui/core/macro";
import { formatMoney } from "../../lib/formatMoney";
import type { EnrichmentJob } from "./useEnrichment";

/** The cost of a job's calls to a model; an unknown price is shown as unknown. */
export function costWords(job: EnrichmentJob): string {
  if (job.calls === 0) return t`no calls to a model`;
  if (job.total_cost === null || job.currency === null)
    return t`${plural({ calls: job.calls }, { one: "# call", other: "# calls" })} of unknown cost`;
  return t`${{ totalCost: formatMoney(job.total_cost, job.currency) }} for ${plural({ calls: job.calls }, { one: "# call", other: "# calls" })}`;
}

/** What a job is about. */
export function scopeWords(job: EnrichmentJob): string {
  if (job.rule_id !== null) return t`applies rule ${{ ruleId: job.rule_id }}`;
  if (job.import_job_id !== null) return t`of import ${{ importJobId: job.import_job_id }}`;
  return job.is_refresh ? t`with a newer model` : "";
}

/** How far a job is, 0 to 100. */
export function percentOf(job: EnrichmentJob): number {
  return job.total_transactions === 0 ? 100 : Math.floor((100 * job.processed) / job.total_transactions);
}
