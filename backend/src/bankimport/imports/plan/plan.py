"""Compute what an import would fetch, and save it as a planned job."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from bankimport.accounts import repository as accounts
from bankimport.accounts.models import Account, AccountKind
from bankimport.clock import utc_now
from bankimport.connections import repository as connections
from bankimport.connections.calls.budget import is_in_consent_window
from bankimport.connections.calls.usable import check_usable
from bankimport.connections.models import BankConnection
from bankimport.days import ONE_DAY, Days, without
from bankimport.errors import DatesReversed
from bankimport.imports import repository
from bankimport.imports.errors import DateInFuture, DateTooEarly, NothingToImport
from bankimport.imports.import_plan import (
    AccountWindows,
    BaseFigures,
    EstimatedRange,
    FigureRange,
    ImportPlan,
    PlannedCoverage,
)
from bankimport.imports.models import AccountImport, AccountStatus, ImportJob, JobStatus, JobType
from bankimport.imports.plan import past_imports, statistics
from bankimport.imports.plan.calibration import corrected
from bankimport.imports.plan.depth import COMMON_DEPTH_DAYS, days_with_history
from bankimport.imports.plan.estimate import (
    AccountPlan,
    at_least,
    estimate_api_calls,
    estimate_duration_s,
    estimate_rows,
    least_wait_s,
    rows_of_account,
)
from bankimport.imports.plan.limits import call_limits, unreachable_days
from bankimport.imports.plan.spending import estimate_cost
from bankimport.imports.schemas import PlanRequest
from bankimport.imports.windows import RECENT_DAYS, choose_windows, incremental_days, recent_since
from bankimport.pricing.schemas import CostRead
from bankimport.quotas import check_quota
from bankimport.settings import get_settings

LEARN_FROM = timedelta(days=180)
EARLIEST_DAY = date(2000, 1, 1)
DEEPEST_HISTORY_DAYS = 2190
"""How far back a full sync goes: six years, the most that any bank is known to return."""


@dataclass(frozen=True, slots=True)
class WorkedOutPlan:
    """The parts of an import, and the plan as it is shown and saved."""

    connection: BankConnection
    days: Days
    accounts: list[AccountPlan]
    parallel: int
    plan: ImportPlan


def work_out_plan(
    session: Session, user_id: int, request: PlanRequest, attended_ip: str | None, *, is_requested: bool = True
) -> WorkedOutPlan:
    """Compute what an import would fetch, and save nothing.

    `attended_ip` is the address of the user, if they are present; `is_requested`: they or their program request it, not
    a schedule.

    Raises:
        ConnectionNotFound, AccountNotFound: not this user's.
        ConnectionExpired, ConnectionRemoved: nothing can be fetched until the user reconnects.
        DatesReversed, DateInFuture, DateTooEarly, NothingToImport: the request is impossible.
    """
    now = utc_now()
    connection = connections.connection_of(session, user_id, request.connection_id)
    check_usable(connection)
    chosen = _choose_accounts(session, user_id, connection, request)
    stored = repository.stored_days(session, [account.id for account in chosen])
    days = _requested_days(request, now.date(), stored)
    rates = statistics.mean_rows_per_day(session, [account.id for account in chosen], now.date() - timedelta(days=400))
    bank_rates = statistics.mean_rows_per_day_of_bank(session, connection.bank_id, now.date() - timedelta(days=400))
    overlap_days = statistics.overlap_days(session, connection.bank_id, now - timedelta(days=180))
    plans = [
        _plan_account(
            account,
            request.job_type,
            days,
            connection.authorised_at,
            now,
            stored[account.id],
            rates.get(account.id),
            bank_rates.get(account.kind),
            overlap_days,
        )
        for account in chosen
    ]
    call_s = statistics.mean_call_s(session, connection.bank_id, now - timedelta(days=30))
    parallel = request.max_parallel or get_settings().max_parallel_accounts
    estimate = _estimate(
        session,
        connection,
        plans,
        days,
        now,
        call_s,
        parallel=parallel,
        is_attended=attended_ip is not None,
        is_requested=is_requested,
        is_enriched=request.auto_enrich,
    )
    return WorkedOutPlan(connection, days, plans, parallel, estimate)


def plan_import(
    session: Session, user_id: int, request: PlanRequest, attended_ip: str | None, *, is_requested: bool = True
) -> ImportJob:
    """Compute a plan and save it as a job with status `planned`, which does nothing until it is started.

    The arguments are those of `work_out_plan`.

    Raises:
        BankImportError: as `work_out_plan`.
        QuotaReached: the user has reached the quota of plans per hour.
    """
    lately = ImportJob.user_id == user_id, ImportJob.created_at > utc_now() - timedelta(hours=1)
    check_quota(session, get_settings().quota_plans, "plans of the last hour", ImportJob.id, *lately)
    worked_out = work_out_plan(session, user_id, request, attended_ip, is_requested=is_requested)
    chosen = [item.account for item in worked_out.accounts]
    job = ImportJob(
        user_id=user_id,
        connection_id=worked_out.connection.id,
        job_status=JobStatus.PLANNED,
        job_type=request.job_type,
        from_date=worked_out.days.first,
        to_date=worked_out.days.last,
        account_ids=[str(account.id) for account in chosen if account.kind is AccountKind.ACCOUNT],
        card_ids=[str(account.id) for account in chosen if account.kind is AccountKind.CARD],
        batch_size=request.batch_size,
        max_parallel=worked_out.parallel,
        auto_enrich=request.auto_enrich,
        enrich_at=request.enrich_at,
        is_dry_run=request.dry_run,
        total_accounts=len(chosen),
        plan=worked_out.plan,
    )
    session.add(job)
    session.flush()
    session.add_all(
        AccountImport(
            job_id=job.id,
            account_id=item.account.id,
            status=AccountStatus.PENDING,
            position=position,
            days_total=item.days_total,
        )
        for position, item in enumerate(worked_out.accounts)
    )
    return job


def _choose_accounts(session: Session, user_id: int, connection: BankConnection, request: PlanRequest) -> list[Account]:
    """The chosen accounts and cards, each once; if none is given, all that are read through this connection.

    Raises:
        AccountNotFound: not an account of this connection.
        NothingToImport: the connection has none.
    """
    mine = {account.id: account for account in accounts.accounts_of_connection(session, connection.id)}
    names = list(dict.fromkeys([*request.account_ids, *request.card_ids]))
    if not names:
        chosen = [row for row in mine.values() if row.connection_id == connection.id and row.missing_since is None]
        if not chosen:
            raise NothingToImport("this connection has no account or card; reconnect the bank")
        return chosen
    for name in names:
        if name not in mine:
            accounts.account_of(session, user_id, name)
            raise accounts.AccountNotFound(
                f"account {name} does not belong to connection {connection.id}", account_id=name
            )
    return [mine[name] for name in names]


def _requested_days(request: PlanRequest, today: date, stored: dict[int, list[Days]]) -> Days:
    """The days to import. If the kind of job determines them, the request may narrow them.

    Raises:
        DatesReversed, DateInFuture, DateTooEarly: the request's dates are impossible.
    """
    last = request.to_date or today
    match request.job_type:
        case JobType.DATE_RANGE:
            first = request.from_date or today - timedelta(days=RECENT_DAYS)
        case JobType.INCREMENTAL:
            first = request.from_date or _since_first_stored(today, stored)
        case JobType.FULL_SYNC:
            first = request.from_date or today - timedelta(days=DEEPEST_HISTORY_DAYS)
    if first > last:
        raise DatesReversed(f"from_date {first} is after to_date {last}; swap them")
    if last > today:
        raise DateInFuture(f"to_date {last} is in the future; the last day that can be imported is {today}")
    if first < EARLIEST_DAY:
        raise DateTooEarly(f"from_date {first} is too early; no bank has days before {EARLIEST_DAY}")
    deepest = today - timedelta(days=DEEPEST_HISTORY_DAYS)
    if last < deepest:
        raise DateTooEarly(f"to_date {last} is too early; no bank is known to return days before {deepest}")
    return Days(first, last)


def _since_first_stored(today: date, stored: dict[int, list[Days]]) -> date:
    """The first day from which an incremental import looks for gaps: the oldest stored day of any account."""
    return min([days[0].first for days in stored.values() if days], default=recent_since(today))


def days_to_import(job_type: JobType, days: Days, stored: list[Days], overlap_days: int) -> list[Days]:
    """The days of one account that a job of this type requests, ascending.

    For an account without stored days an incremental import requests its recent days, never its whole past.
    """
    if job_type is not JobType.INCREMENTAL:
        return [days]
    if not stored:
        recent = days.overlap(Days(recent_since(days.last), days.last))
        return [recent] if recent is not None else []
    since_first = days.overlap(Days(stored[0].first, days.last))
    return incremental_days(since_first, stored, overlap_days) if since_first is not None else []


def windows_of_days(ranges: list[Days], *, authorised_at: datetime, now: datetime) -> list[Days]:
    """The windows that cover the ranges, newest first."""
    return [
        window for days in reversed(ranges) for window in choose_windows(days, authorised_at=authorised_at, now=now)
    ]


def _plan_account(
    account: Account,
    job_type: JobType,
    days: Days,
    authorised_at: datetime,
    now: datetime,
    stored: list[Days],
    rate: float | None,
    bank_rate: float | None,
    overlap_days: int,
) -> AccountPlan:
    ranges = days_to_import(job_type, days, stored, overlap_days)
    length = sum(item.length for item in ranges)
    return AccountPlan(
        account=account,
        days_total=length,
        windows=windows_of_days(ranges, authorised_at=authorised_at, now=now),
        held=[overlap for item in stored if (overlap := item.overlap(days)) is not None],
        rows=rows_of_account(
            account.kind,
            length,
            days_with_history(ranges, account.bank_id, account.kind, now.date(), if_unknown=COMMON_DEPTH_DAYS),
            days_with_history(ranges, account.bank_id, account.kind, now.date()),
            rate,
            bank_rate,
        ),
    )


def _estimate(
    session: Session,
    connection: BankConnection,
    plans: list[AccountPlan],
    days: Days,
    now: datetime,
    call_s: float | None,
    *,
    parallel: int,
    is_attended: bool,
    is_requested: bool,
    is_enriched: bool,
) -> ImportPlan:
    """The plan as it is shown and saved with the job."""
    base_rows = estimate_rows(plans)
    base_calls = estimate_api_calls(plans, is_current=days.last >= now.date() - ONE_DAY)
    base_duration = estimate_duration_s(base_calls, base_rows, parallel=min(parallel, len(plans)), call_s=call_s)
    lessons = past_imports.lessons_of_bank(session, connection.bank_id, now - LEARN_FROM)
    rows = corrected(base_rows, lessons.transactions)
    calls = corrected(base_calls, lessons.api_calls)
    duration = at_least(corrected(base_duration, lessons.duration_s), least_wait_s(calls))
    ends = now + timedelta(seconds=duration.expected)
    is_fresh = is_requested and is_in_consent_window(connection.authorised_at, get_settings(), ends)
    limits = [
        *unreachable_days(session, connection, [plan.account for plan in plans], days, now),
        *call_limits(session, connection, plans, calls, now, is_unattended=not (is_attended or is_fresh)),
    ]
    return ImportPlan(
        estimated_accounts=len(plans),
        estimated_transactions=rows.expected,
        estimated_duration_seconds=duration.expected,
        estimated_range=EstimatedRange(
            transactions=FigureRange(low=rows.low, high=rows.high),
            duration_seconds=FigureRange(low=duration.low, high=duration.high),
            api_calls=FigureRange(low=calls.low, high=calls.high),
        ),
        api_calls=calls.expected,
        base=BaseFigures(
            transactions=base_rows.expected,
            duration_seconds=base_duration.expected,
            api_calls=base_calls.expected,
        ),
        learned_from_imports=max(
            (lesson.imports for lesson in (lessons.transactions, lessons.api_calls, lessons.duration_s) if lesson),
            default=0,
        ),
        cost=CostRead.of(estimate_cost(session, connection, calls.expected, now, is_enriched=is_enriched)),
        limits=limits,
        coverage=[
            PlannedCoverage(
                account_id=plan.account.id,
                held_days=sum(item.length for item in plan.held),
                held=plan.held,
                missing=without(days, plan.held),
            )
            for plan in plans
        ],
        windows=[AccountWindows(account_id=plan.account.id, windows=plan.windows) for plan in plans],
    )
