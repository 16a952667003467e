"""SQL that both metrics and health ask: what is due and not done, and what should be fresh and is not.

`:now` is our clock's instant: `asked(query)` binds it.
"""

from sqlalchemy import TextClause, text

from bankimport.clock import utc_now
from bankimport.observability.pulse import GONE_AFTER


def asked(query: str) -> TextClause:
    """The query with the time now by our clock, where it says `:now`."""
    return text(query).bindparams(now=utc_now()) if ":now" in query else text(query)


IS_ALIVE = f"seen_at > :now - interval '{GONE_AFTER.total_seconds():.0f} seconds'"

_DUE = (
    "truelayer_import_progress p "
    "JOIN truelayer_import_jobs j ON j.id = p.job_id AND j.paused_at IS NULL AND j.cancelled_at IS NULL "
    "JOIN users u ON u.id = j.user_id AND u.queue_paused_at IS NULL "
    "WHERE p.paused_at IS NULL AND j.job_status IN ('queued', 'running', 'waiting') "
    "AND (p.status = 'pending' OR (p.status = 'waiting' AND p.next_attempt_at <= :now))"
)

QUEUE_DEPTH = f"SELECT count(*) FROM {_DUE}"

_SINCE = (
    "greatest(j.started_at, j.served_at, CASE WHEN p.status = 'waiting' THEN p.next_attempt_at END, "
    "(SELECT max(o.lease_expires_at) FROM truelayer_import_progress o "
    "WHERE o.job_id = j.id AND o.status = 'syncing'))"
)

QUEUE_AGE = f"SELECT coalesce(greatest(0, extract(epoch FROM :now - min({_SINCE}))), 0) FROM {_DUE}"
"""A job of which some account is being fetched is served: its others wait for a place, not for a worker."""

_ENRICHMENT_DUE = (
    "truelayer_enrichment_jobs e WHERE e.job_status IN ('queued', 'waiting') "
    "AND coalesce(e.enrich_at, '-infinity') <= :now AND coalesce(e.next_attempt_at, '-infinity') <= :now"
)

ENRICHMENT_QUEUE_DEPTH = f"SELECT count(*) FROM {_ENRICHMENT_DUE}"

ENRICHMENT_QUEUE_AGE = (
    "SELECT coalesce(greatest(0, extract(epoch FROM :now - "
    f"min(greatest(e.created_at, e.enrich_at, e.next_attempt_at)))), 0) FROM {_ENRICHMENT_DUE}"
)

CALLS_ESTIMATED = (
    "SELECT c.bank_id, sum(coalesce((j.metadata->>'api_calls')::numeric, 0)) "
    "FROM truelayer_import_jobs j JOIN bank_connections c ON c.id = j.connection_id "
    "WHERE j.completed_at > :now - interval '1 day' GROUP BY 1"
)

CALLS_MADE = (
    "SELECT c.bank_id, sum((SELECT count(*) FROM bank_api_calls b WHERE b.job_id = j.id)) "
    "FROM truelayer_import_jobs j JOIN bank_connections c ON c.id = j.connection_id "
    "WHERE j.completed_at > :now - interval '1 day' GROUP BY 1"
)

DURATIONS = (
    "SELECT CASE WHEN to_date - from_date < 7 THEN '7' WHEN to_date - from_date < 31 THEN '31' "
    "WHEN to_date - from_date < 92 THEN '92' WHEN to_date - from_date < 366 THEN '366' ELSE 'more' END AS days, "
    "extract(epoch FROM completed_at - started_at) AS seconds "
    "FROM truelayer_import_jobs WHERE completed_at IS NOT NULL AND started_at IS NOT NULL"
)

FIRED_WITHIN = "15 minutes"
BEGUN_WITHIN = "30 minutes"

OVERDUE_SCHEDULES = (
    f"SELECT s.id FROM truelayer_import_schedules s WHERE s.enabled AND s.removed_at IS NULL "
    f"AND (s.fires_at < :now - interval '{FIRED_WITHIN}' OR EXISTS (SELECT FROM import_schedule_runs r "
    f"WHERE r.schedule_id = s.id AND r.state = 'due' AND r.created_at < :now - interval '{BEGUN_WITHIN}' "
    f"AND NOT EXISTS (SELECT FROM import_schedule_runs o WHERE o.schedule_id = s.id AND o.state = 'running')))"
)
"""A run that waits for an earlier one of its schedule is not overdue."""

READ_THROUGH = (
    "JOIN LATERAL (SELECT b.id, b.status, d.missing_since FROM account_doors d "
    "JOIN bank_connections b ON b.id = d.connection_id AND b.status NOT IN ('removed', 'undecided') "
    "WHERE d.account_id = a.id ORDER BY b.status <> 'active', d.missing_since IS NOT NULL, d.id LIMIT 1) c ON true"
)
"""The connection through which an account `a` is read."""

STALE_ACCOUNTS = (
    f"SELECT a.id FROM truelayer_accounts a {READ_THROUGH} "
    "WHERE c.status = 'active' AND c.missing_since IS NULL AND EXISTS (SELECT FROM truelayer_import_schedules s "
    "WHERE s.connection_id = c.id AND s.enabled AND s.removed_at IS NULL "
    "AND (s.account_ids = '{}' OR a.id::text = ANY (s.account_ids)) "
    "AND greatest(a.last_synced_at, s.in_force_since) < :now - 2 * CASE s.frequency "
    "WHEN 'weekly' THEN interval '7 days' WHEN 'monthly' THEN interval '31 days' "
    "WHEN 'cron' THEN greatest(interval '1 day', s.next_run - coalesce(s.last_run, s.in_force_since)) "
    "ELSE interval '1 day' END)"
)
"""Accounts that a schedule in force should have imported whole within two of its periods, and did not."""

STOPPED_SCHEDULES = (
    "SELECT id FROM truelayer_import_schedules WHERE paused_by IN ('failures', 'consent') AND removed_at IS NULL"
)

NEWEST_STANDING = "SELECT last_run_at FROM periodic_runs WHERE task = 'proof.keep_freshness'"
