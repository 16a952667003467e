import type { ImportStatus } from "../api/types";

/** An event of a job with the status of the whole job. It covers `from_event_id` to `event_id`. */
export type ImportNews = {
  event_id: number;
  from_event_id: number;
  job_id: number;
  account_id: string | null;
  type: string;
  created_at: string;
  status: ImportStatus["status"];
  percent: number;
  completed_accounts: number;
  total_accounts: number;
  total_so_far: ImportStatus["total_so_far"];
  estimated_completion: string | null;
  synced?: number;
  duplicates?: number;
  errors?: number;
  pending?: number;
  days_done?: number;
  days_total?: number;
};

type AccountImport = ImportStatus["accounts"][number];

/** Events after which more has changed than they contain: attempts, errors, calls, costs. */
export function needsWholeStatus(news: ImportNews): boolean {
  return news.type.startsWith("account_") || news.type.startsWith("job_");
}

/** The job after the news. News that is older than the known status changes nothing. */
export function withNews(job: ImportStatus, news: ImportNews): ImportStatus {
  if (news.event_id <= job.last_event_id) return job;
  return {
    ...job,
    status: news.status,
    progress: {
      completed_accounts: news.completed_accounts,
      total_accounts: news.total_accounts,
      percent: news.percent,
    },
    total_so_far: news.total_so_far,
    estimated_completion: news.estimated_completion,
    completed_at: news.type === "job_finished" ? news.created_at : job.completed_at,
    last_event_id: news.event_id,
    accounts: job.accounts.map((account) =>
      account.account_id === news.account_id ? accountWithNews(account, news) : account,
    ),
  };
}

function accountWithNews(account: AccountImport, news: ImportNews): AccountImport {
  const { days_done: done, days_total: total } = news;
  return {
    ...account,
    synced: news.synced ?? account.synced,
    duplicates: news.duplicates ?? account.duplicates,
    errors: news.errors ?? account.errors,
    pending: news.pending ?? account.pending,
    percent: done !== undefined && total ? Math.min(99, Math.floor((done * 100) / total)) : account.percent,
  };
}

/** The newer of two answers about one job: one that was under way may come after newer news. */
export function newest(known: ImportStatus | undefined, fresh: ImportStatus): ImportStatus {
  return known !== undefined && known.last_event_id > fresh.last_event_id ? known : fresh;
}
