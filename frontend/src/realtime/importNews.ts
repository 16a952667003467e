import type { components } from "../api/schema.gen";
import type { ImportStatus } from "../api/types";

/** An event of a job with the status of the whole job. It covers `from_event_id` to `event_id`. */
export type ImportNews = components["schemas"]["ImportProgress"];

type AccountImport = ImportStatus["accounts"][number];

/** Events that change more than they contain: attempts, errors, calls, costs. */
export function needsWholeStatus(news: ImportNews): boolean {
  switch (news.type) {
    case "batch_stored":
    case "window_completed":
    case "window_split":
    case "days_refused":
    case "pending_replaced":
    case "pending_unavailable":
    case "balance_unavailable":
    case "enrichment_scheduled":
    case "enrichment_started":
    case "enrichment_ended":
      return false;
    case "job_started":
    case "job_finished":
    case "job_status_changed":
    case "job_pause_asked":
    case "job_resumed":
    case "job_cancelled":
    case "job_retried":
    case "job_committed":
    case "job_discarded":
    case "job_undone":
    case "job_redone":
    case "account_started":
    case "account_completed":
    case "account_failed":
    case "account_waiting":
    case "account_pending":
    case "rows_rejected":
    case "block_repeated":
    case "pending_rejected":
    case "other":
      return true;
    default:
      return isUnknown(news);
  }
}

/** An event that only a newer server knows; it may have changed anything. */
function isUnknown(news: never): boolean {
  return Boolean(news);
}

/** The job after the events. Events older than the known status change nothing. */
export function withNews(job: ImportStatus, news: ImportNews): ImportStatus {
  if (news.event_id <= job.last_event_id) return job;
  return {
    ...job,
    status: news.status,
    progress: {
      completed_accounts: news.completed_accounts,
      failed_accounts: news.failed_accounts,
      cancelled_accounts: news.cancelled_accounts,
      total_accounts: news.total_accounts,
      percent: news.percent,
    },
    total_so_far: news.total_so_far,
    api_calls: news.api_calls,
    worked_seconds: news.worked_seconds,
    expected_rows: news.expected_rows,
    estimated_completion: news.estimated_completion,
    completed_at: news.type === "job_finished" ? news.created_at : job.completed_at,
    last_event_id: news.event_id,
    accounts: job.accounts
      .map((account) => (account.account_id === news.account_id ? { ...account, ...totalsOf(news) } : account))
      .map((account) => ({ ...account, ...endOf(account, news) })),
  };
}

const OPEN = new Set(["pending", "syncing", "waiting"]);

/** What the job's end means for an account of which no event came: none is open in a completed or cancelled job. */
function endOf(account: AccountImport, news: ImportNews): Partial<AccountImport> {
  if (news.type !== "job_finished" || !OPEN.has(account.status)) return {};
  if (news.status === "completed" || news.status === "enriching") {
    return { status: "completed", percent: 100, next_attempt_at: null };
  }
  return news.status === "cancelled" ? { status: "cancelled", next_attempt_at: null } : {};
}

const STATUSES = { account_failed: "failed", account_waiting: "waiting", account_pending: "pending" } as const;

/** The account's status and totals that the event carries. */
function totalsOf(news: ImportNews): Partial<AccountImport> {
  switch (news.type) {
    case "batch_stored":
    case "window_completed": {
      const { synced, duplicates, errors, days_done, days_total } = news;
      const percent = days_total > 0 ? { percent: Math.min(99, Math.floor((days_done * 100) / days_total)) } : {};
      return { synced, duplicates, errors, ...percent };
    }
    case "account_started":
      return { status: "syncing" };
    case "account_completed": {
      const { synced, duplicates, errors } = news;
      return { synced, duplicates, errors, status: "completed", percent: 100 };
    }
    case "account_failed":
    case "account_waiting":
    case "account_pending": {
      const { synced, duplicates, errors } = news;
      return { synced, duplicates, errors, status: STATUSES[news.type], next_attempt_at: news.next_attempt_at };
    }
    case "pending_replaced":
      return { pending: news.pending };
    default:
      // All others have no totals: `errors` of rejected rows are those of one answer.
      return {};
  }
}
