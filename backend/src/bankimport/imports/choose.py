"""Choose the account import that is fairest to take next, and check one that was chosen.

These statements run once for each account of each import, so they are constant texts: PostgreSQL keeps their plans, and
nothing is built or compiled. Their conditions are those of `due`, turned into text once, when this module is loaded.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import CursorResult
from sqlalchemy.orm import Session, aliased

from bankimport.connections.models import SCA_WINDOW
from bankimport.imports import due
from bankimport.imports.due import NOW
from bankimport.imports.models import AccountImport, ImportJob
from bankimport.imports.windows import recent_since
from bankimport.users.models import User

MOST_WAITS = 100
"""How many of the waits that ended longest ago are looked at to find the next job."""

_NEVER = datetime.min.replace(tzinfo=UTC)

_ROW, _JOB, _USER = aliased(AccountImport, name="p"), aliased(ImportJob, name="j"), aliased(User, name="u")
_SYNCING_ROW, _NEXT_JOB = aliased(AccountImport, name="s"), aliased(ImportJob, name="n")

_IS_DUE = due.text_of(due.is_due(NOW, _ROW, _JOB, _USER), _ROW, _JOB, _USER)
_MAY_RUN = due.text_of(due.may_run(_JOB, _USER), _JOB, _USER)
_IS_UNPAUSED = due.text_of(due.is_unpaused(_ROW), _ROW)
_IS_READY = due.text_of(due.is_ready(NOW, _ROW), _ROW)
_IS_PENDING = due.text_of(due.is_pending(_ROW), _ROW)
_WAITED = due.text_of(due.has_waited(NOW, _ROW), _ROW)
_IS_FETCHED = due.text_of(due.is_fetched(_ROW), _ROW)
_IS_SYNCING = due.text_of(due.is_syncing(_SYNCING_ROW), _SYNCING_ROW)
_IS_NEXT_OPEN = due.text_of(due.is_open(_NEXT_JOB), _NEXT_JOB)
_HAS_DEEP_DAYS = (
    "EXISTS (SELECT FROM import_windows w"
    " WHERE w.account_import_id = p.id AND w.state = 'planned' AND w.window_from < %(recent_since)s)"
)
_OF_JOB = f"FROM truelayer_import_progress p WHERE p.job_id = j.id AND {_IS_UNPAUSED} AND NOT {_IS_FETCHED}"
_SYNCING = f"""
    SELECT s.account_id, t.id AS job_id, t.user_id
    FROM truelayer_import_progress s JOIN truelayer_import_jobs t ON t.id = s.job_id
    WHERE {_IS_SYNCING}
"""  # noqa: S608
"""The account imports held by attempts. Those of crashed workers count until `recover` takes them back, here as in
`MAY_BE_TAKEN`: if the two differed, the same account import would be chosen forever and never taken."""

_IDLE_JOBS = f"""
    FROM truelayer_import_jobs j JOIN users u ON u.id = j.user_id
    WHERE {_MAY_RUN} AND j.user_id NOT IN (SELECT user_id FROM ({_SYNCING}) syncing)
"""  # noqa: S608

_ANY_FRESH = "EXISTS (SELECT FROM bank_connections WHERE authorised_at > %(fresh_since)s)"
_ANY_WAITED = f"EXISTS (SELECT FROM truelayer_import_progress p WHERE {_WAITED})"
_IS_FRESH = "EXISTS (SELECT FROM bank_connections c WHERE c.id = j.connection_id AND c.authorised_at > %(fresh_since)s)"
_HAS_DEEP = f"EXISTS (SELECT {_OF_JOB} AND {_IS_READY} AND {_HAS_DEEP_DAYS})"
_HAS_PENDING = f"EXISTS (SELECT {_OF_JOB} AND {_IS_PENDING})"
_HAS_WAITED = f"""
    j.id IN (
        SELECT p.job_id FROM truelayer_import_progress p
        WHERE {_WAITED} ORDER BY p.next_attempt_at LIMIT {MOST_WAITS}
    ) AND EXISTS (SELECT {_OF_JOB} AND {_WAITED})
"""  # noqa: S608

_FIRST_IDLE = {
    (preferred, ready): f"""
SELECT j.served_at, j.id {_IDLE_JOBS} AND {" AND ".join((*preferred, ready))}
ORDER BY j.served_at NULLS FIRST, j.id LIMIT 1 FOR NO KEY UPDATE OF j, u SKIP LOCKED
"""
    for preferred in ((_IS_FRESH, _HAS_DEEP), (_IS_FRESH,), ())
    for ready in (_HAS_PENDING, _HAS_WAITED)
}
"""The first job of users for whom nothing is fetched, by what is wanted of it and what makes it ready."""

_AT_ONCE = f"""
SELECT plain.id AS plain, plain.id IS NULL AND EXISTS (SELECT {_IDLE_JOBS}) AS any_idle, any_fresh, any_waited
FROM (SELECT {_ANY_FRESH} AS any_fresh, {_ANY_WAITED} AS any_waited) found
    LEFT JOIN LATERAL (
        SELECT j.id {_IDLE_JOBS} AND {_HAS_PENDING} AND NOT any_fresh AND NOT any_waited
        ORDER BY j.served_at NULLS FIRST, j.id LIMIT 1 FOR NO KEY UPDATE OF j, u SKIP LOCKED
    ) plain ON true
"""  # noqa: S608
"""The first job while no consent is minutes old and no wait has ended, as nearly always; else what is to be found."""

_DUE = f"""
    CROSS JOIN LATERAL (SELECT count(*) AS syncing FROM syncing WHERE job_id = j.id) of_job
WHERE {_IS_DUE} AND of_job.syncing < j.max_parallel AND NOT {_IS_FETCHED}
"""  # noqa: S608
_IN_ORDER = f"""
WITH syncing AS MATERIALIZED ({_SYNCING})
SELECT p.id, j.id AS job_id, j.user_id,
    EXISTS (
        SELECT FROM truelayer_import_jobs n
        WHERE n.user_id = j.user_id AND n.run_next_at IS NOT NULL AND {_IS_NEXT_OPEN}
    ) AND NOT (c.authorised_at > %(fresh_since)s AND {_HAS_DEEP_DAYS}) AS is_exchangeable
FROM truelayer_import_progress p
    JOIN truelayer_import_jobs j ON j.id = p.job_id
    JOIN users u ON u.id = j.user_id
    JOIN bank_connections c ON c.id = j.connection_id
    CROSS JOIN LATERAL (SELECT count(*) AS syncing FROM syncing WHERE user_id = j.user_id) of_user
    {_DUE}
"""  # noqa: S608
"""The first account import, locked, with its job, its user, and whether the user's wish to run another job next can
change it: not while its bank returns deep history only now."""

_ORDER = f"""
ORDER BY of_user.syncing, (c.authorised_at > %(fresh_since)s AND {_HAS_DEEP_DAYS}) DESC,
    c.authorised_at > %(fresh_since)s DESC, of_job.syncing, j.served_at NULLS FIRST, j.id, p.position
LIMIT 1 FOR NO KEY UPDATE OF p SKIP LOCKED
"""
_FIRST_OF_JOB = f"{_IN_ORDER} AND j.id = %(job_id)s {_ORDER}"
_FIRST_OF_ALL = f"{_IN_ORDER} {_ORDER}"

_RUN_NEXT = f"""
WITH syncing AS MATERIALIZED ({_SYNCING})
SELECT p.id, j.id AS job_id
FROM truelayer_import_progress p
    JOIN truelayer_import_jobs j ON j.id = p.job_id
    JOIN users u ON u.id = j.user_id
    {_DUE} AND j.user_id = %(user_id)s AND j.run_next_at IS NOT NULL
ORDER BY j.run_next_at DESC, j.id DESC, p.position LIMIT 1 FOR NO KEY UPDATE OF p, j SKIP LOCKED
"""  # noqa: S608
_LOCK_GIVER = "SELECT FROM truelayer_import_jobs WHERE id = %(giver)s FOR NO KEY UPDATE SKIP LOCKED"
_EXCHANGE = """
UPDATE truelayer_import_jobs j
SET served_at = CASE j.id WHEN %(taker)s THEN other.served_at ELSE coalesce(other.served_at, other.created_at) END
FROM truelayer_import_jobs other
WHERE j.id = %(taker)s AND other.id = %(giver)s OR j.id = %(giver)s AND other.id = %(taker)s
"""

MAY_BE_TAKEN = f"""EXISTS (
    SELECT FROM truelayer_import_progress p
        JOIN truelayer_import_jobs j ON j.id = p.job_id
        JOIN users u ON u.id = j.user_id
    WHERE p.id = %(id)s AND {_IS_DUE} AND NOT {_IS_FETCHED}
        AND j.max_parallel > (
            SELECT count(*) FROM truelayer_import_progress s WHERE s.job_id = j.id AND {_IS_SYNCING}
        )
)"""  # noqa: S608
"""Whether an account import is due, its job may fetch one more account, and nobody is fetching this one."""


def fairest(session: Session, now: datetime) -> int | None:
    """The account import that should be next, or None if none can be taken.

    Work of users for whom the least is being fetched comes first, then of jobs for which the least is, so that one
    user's fifty accounts do not starve another user's one. Then connections that were authorised minutes ago come
    first, because their banks return deep history only now; then the job that has waited longest since one of its
    accounts was taken; then the order in which jobs were made and accounts chosen.

    Workers choose at the same time: each leaves out the users that another is choosing for. While somebody for whom
    nothing is fetched has work, their first job is found from the front of an index, however much is due.

    If the user asked that another of their jobs runs next, that job gets the turn and gives its own in exchange.
    """
    values = _moments(now)
    job_id = _first_job_of_the_idle(session, values)
    chosen = None if job_id is None else run(session, _FIRST_OF_JOB, values | {"job_id": job_id}).one_or_none()
    if chosen is None:
        chosen = run(session, _FIRST_OF_ALL, values).one_or_none()
    if chosen is None:
        return None
    exchanged = _exchange(session, values, chosen.job_id, chosen.user_id) if chosen.is_exchangeable else None
    return int(chosen.id) if exchanged is None else exchanged


def _exchange(session: Session, values: Mapping[str, Any], job_id: int, user_id: int) -> int | None:
    """Give a job's turn to the due job that its user wants to run next: its account import, or None to change nothing.

    The two exchange when they were served, so that the user's claims against other users stay what they were. A job
    that was never served counts as served when it was made. Jobs that another worker has locked are left alone.
    """
    next_one = run(session, _RUN_NEXT, {**values, "user_id": user_id}).one_or_none()
    if next_one is None or next_one.job_id == job_id:
        return None
    jobs = {"giver": job_id, "taker": next_one.job_id}
    if run(session, _LOCK_GIVER, jobs).one_or_none() is None:
        return None
    run(session, _EXCHANGE, jobs)
    return int(next_one.id)


def run(session: Session, statement: str, values: Mapping[str, Any]) -> CursorResult[Any]:
    """Execute a constant statement of this kind in the session's transaction, after what the session still holds."""
    session.flush()
    return session.connection().exec_driver_sql(statement, dict(values))


def _moments(now: datetime) -> dict[str, Any]:
    return {"now": now, "fresh_since": now - SCA_WINDOW, "recent_since": recent_since(now.date())}


def _first_job_of_the_idle(session: Session, values: Mapping[str, Any]) -> int | None:
    """The first job, in the order of `fairest`, of users for whom nothing is fetched. It and its user are locked."""
    now = run(session, _AT_ONCE, values).one()
    if now.plain is not None:
        return int(now.plain)
    if not now.any_idle:
        return None
    for conditions in ((_IS_FRESH, _HAS_DEEP), (_IS_FRESH,), ()) if now.any_fresh else ((),):
        first_jobs = []
        for ready in (_HAS_PENDING, _HAS_WAITED) if now.any_waited else (_HAS_PENDING,):
            job = run(session, _FIRST_IDLE[conditions, ready], values).one_or_none()
            if job is not None:
                first_jobs.append((job.served_at or _NEVER, int(job.id)))
        if first_jobs:
            return min(first_jobs)[-1]
    return None
