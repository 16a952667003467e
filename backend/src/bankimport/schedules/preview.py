"""Show when a schedule runs next, in words and dates, what each run uses, and what would stop it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy.orm import Session

from bankimport.accounts import repository as accounts
from bankimport.accounts.models import Account
from bankimport.clock import utc_now
from bankimport.connections import repository as connections
from bankimport.connections.models import BankConnection, ConnectionStatus
from bankimport.days import Days, merged
from bankimport.imports import repository as imports
from bankimport.imports.models import JobType
from bankimport.imports.plan import statistics
from bankimport.imports.plan.estimate import EXTRA_CALLS
from bankimport.imports.plan.plan import days_to_import, windows_of_days
from bankimport.schedules import repository
from bankimport.schedules.allowance import DAY, Spending, reckon_spending
from bankimport.schedules.jitter import fires_at
from bankimport.schedules.recurrence import Recurrence, checked, next_runs
from bankimport.schedules.schemas import (
    NextRun,
    PreviewRead,
    ScheduleRequest,
    WarningRead,
    recurrence_of,
)
from bankimport.schedules.service import DAYS_BACK, DAYS_BACK_INCREMENTAL
from bankimport.schedules.words import in_words, moment_in_words, shift_in_words
from bankimport.settings import get_settings


@dataclass(frozen=True, slots=True)
class Draft:
    """The input of a preview; `schedule_id` is None for an unsaved schedule."""

    rule: Recurrence
    connection: BankConnection
    accounts: list[Account]
    incremental: bool
    days_back: int
    jitter_minutes: int
    schedule_id: int | None
    is_paused: bool


def preview_schedule(session: Session, user_id: int, schedule_id: int, count: int) -> PreviewRead:
    """The next runs of a schedule; for a paused one, the runs it would have.

    Raises:
        ScheduleNotFound: no such schedule, or not this user's.
    """
    schedule = repository.schedule_of(session, user_id, schedule_id)
    connection = connections.connection_of(session, user_id, schedule.connection_id)
    draft = Draft(
        rule=recurrence_of(schedule),
        connection=connection,
        accounts=_chosen(session, user_id, connection.id, [int(account_id) for account_id in schedule.account_ids]),
        incremental=schedule.incremental,
        days_back=schedule.days_back,
        jitter_minutes=schedule.jitter_minutes,
        schedule_id=schedule.id,
        is_paused=not schedule.enabled,
    )
    return _preview(session, draft, count, utc_now())


def preview_request(session: Session, user_id: int, request: ScheduleRequest, count: int) -> PreviewRead:
    """The next runs of an unsaved schedule.

    Raises:
        ConnectionNotFound, AccountNotFound: not this user's.
        ScheduleInvalid: the rule is invalid.
    """
    now = utc_now()
    connection = connections.connection_of(session, user_id, request.connection_id)
    draft = Draft(
        rule=checked(request.recurrence(), now),
        connection=connection,
        accounts=_chosen(session, user_id, connection.id, request.account_ids),
        incremental=request.incremental,
        days_back=request.days_back or (DAYS_BACK_INCREMENTAL if request.incremental else DAYS_BACK),
        jitter_minutes=request.jitter_minutes,
        schedule_id=None,
        is_paused=not request.enabled,
    )
    return _preview(session, draft, count, now)


def _chosen(session: Session, user_id: int, connection_id: int, account_ids: Sequence[int]) -> list[Account]:
    if account_ids:
        return [accounts.account_of(session, user_id, account_id) for account_id in account_ids]
    listed = accounts.accounts_of_connection(session, connection_id)
    return [row for row in listed if row.connection_id == connection_id and row.missing_since is None]


def _preview(session: Session, draft: Draft, count: int, now: datetime) -> PreviewRead:
    moments = list(islice(next_runs(draft.rule, now), count))
    calls = _calls_of_runs(session, draft, moments, now)
    spendings = _spendings(session, draft, moments, calls, now)
    runs = []
    warnings = _warnings_of_all(draft)
    consent_ends = _consent_warning(draft, moments)
    for number, moment in enumerate(moments, 1):
        first, last = _fires(draft, moment)
        own = []
        if consent_ends is not None and consent_ends.run is not None and number >= consent_ends.run:
            own.append(f"the consent to {draft.connection.bank_name} will have ended by then")
        spending = spendings[number - 1]
        if spending.is_over:
            own.append(
                f"needs {spending.spent} of the {spending.allowance} calls that banks allow in 24 hours without you"
            )
        runs.append(
            NextRun(
                number=number,
                scheduled_for=moment,
                in_words=moment_in_words(moment, draft.rule.time_zone),
                fires_from=first,
                fires_until=last,
                shift=shift_in_words(draft.rule, moment),
                calls=sum(calls[number - 1].values()) + EXTRA_CALLS * len(draft.accounts),
                allowance_spent=spending.spent,
                allowance=spending.allowance,
                warnings=own,
            )
        )
    warnings += [item for item in (consent_ends, _allowance_warning(spendings)) if item is not None]
    return PreviewRead(in_words=in_words(draft.rule), runs=runs, warnings=warnings)


def _fires(draft: Draft, moment: datetime) -> tuple[datetime, datetime]:
    if draft.schedule_id is None:
        return moment, moment + timedelta(minutes=draft.jitter_minutes)
    at = fires_at(draft.schedule_id, moment, draft.jitter_minutes)
    return at, at


def _calls_of_runs(session: Session, draft: Draft, moments: Sequence[datetime], now: datetime) -> list[dict[int, int]]:
    """Per run and account, how many windows are requested, if each run stores what it fetches."""
    stored = imports.stored_days(session, [account.id for account in draft.accounts])
    overlap_days = statistics.overlap_days(session, draft.connection.bank_id, now - timedelta(days=180))
    job_type = JobType.INCREMENTAL if draft.incremental else JobType.DATE_RANGE
    calls: list[dict[int, int]] = []
    for moment in moments:
        days = Days(moment.date() - timedelta(days=draft.days_back), moment.date())
        counts = {}
        for account in draft.accounts:
            ranges = days_to_import(job_type, days, stored[account.id], overlap_days)
            windows = windows_of_days(ranges, authorised_at=draft.connection.authorised_at, now=moment)
            counts[account.id] = len(windows)
            stored[account.id] = merged([*stored[account.id], *ranges])
        calls.append(counts)
    return calls


def _spendings(
    session: Session, draft: Draft, moments: Sequence[datetime], calls: list[dict[int, int]], now: datetime
) -> list[Spending]:
    """Per run, the spending on the account that has used the most by then."""
    allowance = get_settings().unattended_calls_per_day
    earlier = repository.unattended_calls(session, [account.id for account in draft.accounts], now - DAY)
    each = [
        reckon_spending(
            [(_fires(draft, moment)[1], counts[account.id]) for moment, counts in zip(moments, calls, strict=True)],
            earlier[account.id],
            allowance,
        )
        for account in draft.accounts
    ]
    if not each:
        return [Spending(0, 0, allowance)] * len(moments)
    return [max(of_run, key=lambda spending: spending.spent) for of_run in zip(*each, strict=True)]


def _consent_warning(draft: Draft, moments: Sequence[datetime]) -> WarningRead | None:
    connection = draft.connection
    if connection.status is not ConnectionStatus.ACTIVE:
        message = f"the consent to {connection.bank_name} has ended; reconnect it, and runs resume automatically"
        return WarningRead(code="consent_ended", message=message, run=1 if moments else None)
    ends = connection.consent_expires_at
    if ends is None:
        return None
    for number, moment in enumerate(moments, 1):
        if _fires(draft, moment)[1] >= ends:
            when = moment_in_words(ends, draft.rule.time_zone)
            message = f"the consent ends before run {number} of {len(moments)}, on {when}; renew it before then"
            return WarningRead(code="consent_ends", message=message, run=number)
    return None


def _allowance_warning(spendings: Sequence[Spending]) -> WarningRead | None:
    over = [number for number, spending in enumerate(spendings, 1) if spending.is_over]
    if not over:
        return None
    most = max(spendings, key=lambda spending: spending.spent)
    need = f"run {over[0]} needs" if len(over) == 1 else f"runs {', '.join(map(str, over))} need"
    message = (
        f"{need} up to {most.spent} of the {most.allowance} calls that banks allow in 24 hours without you; some of "
        "them wait until the next day"
    )
    return WarningRead(code="unattended_allowance", message=message, run=over[0])


def _warnings_of_all(draft: Draft) -> list[WarningRead]:
    warnings = []
    if draft.is_paused:
        message = "the schedule is paused; these are the runs it would have"
        warnings.append(WarningRead(code="paused", message=message, run=None))
    if draft.days_back > DAYS_BACK_INCREMENTAL:
        message = (
            f"many banks return only the last {DAYS_BACK_INCREMENTAL} days while you are not present; "
            f"{draft.days_back} days back may be refused"
        )
        warnings.append(WarningRead(code="sca_window", message=message, run=None))
    if not draft.accounts:
        message = "the connection has no account or card; reconnect the bank"
        warnings.append(WarningRead(code="nothing_to_import", message=message, run=None))
    return warnings
