"""Metrics of imports: what waits, what failed, what was called, what was stored."""

from bankimport.observability import facts
from bankimport.observability.family import Family

GAUGES = (
    Family(
        "bankimport_jobs",
        "Import jobs by status.",
        ("status",),
        "SELECT job_status, count(*) FROM truelayer_import_jobs GROUP BY 1",
    ),
    Family(
        "bankimport_account_imports",
        "Account imports by status.",
        ("status",),
        "SELECT status, count(*) FROM truelayer_import_progress GROUP BY 1",
    ),
    Family(
        "bankimport_queue_depth",
        "Account imports, and enrichments, that could be worked on now and are not.",
        ("queue",),
        f"SELECT 'imports', ({facts.QUEUE_DEPTH}) UNION ALL SELECT 'enrichment', ({facts.ENRICHMENT_QUEUE_DEPTH})",
    ),
    Family(
        "bankimport_queue_age_seconds",
        "How long the job that waits longest has had work to do that nobody does.",
        ("queue",),
        f"SELECT 'imports', ({facts.QUEUE_AGE}) UNION ALL SELECT 'enrichment', ({facts.ENRICHMENT_QUEUE_AGE})",
    ),
    Family(
        "bankimport_waiting",
        "Account imports that wait for their bank, by the reason's code.",
        ("reason",),
        "SELECT coalesce(error_code, 'unknown'), count(*) FROM truelayer_import_progress "
        "WHERE status = 'waiting' GROUP BY 1",
    ),
    Family(
        "bankimport_errors_last_hour",
        "Attempts that ended in an error within the last hour, by its code.",
        ("code",),
        "SELECT error_code, count(*) FROM import_attempts "
        "WHERE ended_at > :now - interval '1 hour' AND error_code IS NOT NULL GROUP BY 1",
    ),
    Family(
        "bankimport_attempts_last_hour",
        "Attempts that ended within the last hour.",
        (),
        "SELECT count(*) FROM import_attempts WHERE ended_at > :now - interval '1 hour'",
    ),
    Family(
        "bankimport_bank_calls_last_hour",
        "Calls to banks within the last hour, by endpoint and how they ended.",
        ("endpoint", "outcome"),
        "SELECT endpoint, coalesce(error_code, CASE WHEN status IS NULL THEN 'under_way' ELSE 'ok' END), count(*) "
        "FROM bank_api_calls WHERE called_at > :now - interval '1 hour' GROUP BY 1, 2",
    ),
    Family(
        "bankimport_bank_call_seconds_last_hour",
        "Time that banks took to answer within the last hour, by quantile.",
        ("quantile",),
        "SELECT quantile::text, value FROM unnest(ARRAY[0.5, 0.95, 0.99]) WITH ORDINALITY AS q(quantile, place) "
        "CROSS JOIN LATERAL (SELECT (percentile_cont(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY elapsed_ms) "
        "FILTER (WHERE elapsed_ms IS NOT NULL))[q.place] / 1000 AS value "
        "FROM bank_api_calls WHERE called_at > :now - interval '1 hour') AS found WHERE value IS NOT NULL",
    ),
    Family(
        "bankimport_calls_estimated_last_day",
        "Calls that the plans of the jobs that ended within a day expected, by bank.",
        ("bank",),
        facts.CALLS_ESTIMATED,
    ),
    Family(
        "bankimport_calls_made_last_day",
        "Calls that the jobs that ended within a day made, by bank.",
        ("bank",),
        facts.CALLS_MADE,
    ),
)

COUNTERS = (
    Family(
        "bankimport_transactions_stored",
        "Booked transactions that imports stored; its rate is rows a second.",
        (),
        "SELECT coalesce(sum(total_transactions), 0) FROM truelayer_import_jobs",
    ),
    Family(
        "bankimport_duplicates",
        "Rows of answers that were held already.",
        (),
        "SELECT coalesce(sum(total_duplicates), 0) FROM truelayer_import_jobs",
    ),
    Family(
        "bankimport_rows_rejected",
        "Rows of answers that were not taken but kept aside.",
        (),
        "SELECT coalesce(sum(total_errors), 0) FROM truelayer_import_jobs",
    ),
)
