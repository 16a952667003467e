"""Read what proving needs, and join each day's proof with what was asked and answered."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

from sqlalchemy.orm import Session

from bankimport.accounts import repository as accounts
from bankimport.accounts.models import Account, AccountBalance
from bankimport.clock import utc_now
from bankimport.days import ONE_DAY, Days, merged, without
from bankimport.imports import repository
from bankimport.imports.errors import NotPossibleNow
from bankimport.imports.models import OPEN_ACCOUNT_STATUSES, OPEN_WINDOW_STATES, ImportJob, JobType, WindowState
from bankimport.imports.plan.plan import plan_import
from bankimport.imports.run.start import start_import
from bankimport.imports.schemas import DateRange, PlanRequest
from bankimport.imports.windows import narrowed
from bankimport.proof.day_states import DayState, Stretch, strip_of
from bankimport.proof.proof import DayProof, Proof, ProvableRow, ToldBalance, prove
from bankimport.proof.schemas import ProofDays, ProofRead, ProofStretchRead
from bankimport.transactions import proof_rows
from bankimport.transactions import repository as transactions


def proof_read(session: Session, user_id: int, account_id: str) -> ProofRead:
    """How sure every day of one account is, from the oldest that was ever asked for to today.

    Raises:
        AccountNotFound: no such account, or not this user's.
    """
    account = accounts.account_of(session, user_id, account_id)
    today = utc_now().date()
    windows = repository.window_facts(session, [account.id])[account.id]
    days_with_rows = transactions.days_with_booked(session, [account.id])[account.id]
    coverage = strip_of(windows, days_with_rows, today)
    proofs = prove_account(session, account, today)
    strip = _joined(coverage, proofs)
    return ProofRead(
        account_id=str(account.id),
        display_name=account.display_name,
        currency=account.currency,
        strip=strip,
        days=_counted(strip),
        newest_proven_day=max((item.last for item in strip if item.proof is Proof.PROVEN), default=None),
        refetch=[DateRange.of(days) for days in _to_refetch(proofs)],
    )


def prove_account(session: Session, account: Account, today: date) -> list[DayProof]:
    """Prove the account's held days."""
    held = repository.held_days(session, [account.id])[account.id]
    rows = [ProvableRow(*row) for row in proof_rows.provable_rows(session, account.id)]
    pending = proof_rows.pending_total(session, account.id)
    latest = account.balance_current
    return prove(
        held,
        rows,
        today=today,
        latest_balances=() if latest is None else {latest, latest - pending},
        told=_reported_balances(session, account.id),
        asked_from=repository.first_days_answered(session, account.id),
    )


def remember_balance(
    session: Session,
    account: Account,
    current: Decimal,
    available: Decimal | None,
    told_at: datetime,
    *,
    of_dry_run: int | None = None,
) -> None:
    """Keep a told balance, in our sign, beside what is known now, so that later ones can be compared with it.

    `of_dry_run` is the committed dry run that it was told to: its rows count as known when it was told.
    """
    held = [days for days in repository.held_days(session, [account.id])[account.id] if days.first <= told_at.date()]
    if not held:
        return
    session.add(
        AccountBalance(
            account_id=account.id,
            told_at=told_at,
            current=current,
            available=available,
            pending_total=proof_rows.pending_total(session, account.id),
            held_from=held[-1].first,
            job_id=of_dry_run,
        )
    )


def heal(session: Session, user_id: int, account_id: str, attended_ip: str | None) -> list[ImportJob]:
    """Ask the bank again for the days that may hold what is missing, one job a stretch, and start at once.

    A stretch that was asked for by itself before, and did not come whole, is asked for in halves: some banks end an
    answer after so many rows and do not say so. Days that an import is fetching just now are not asked for twice.

    Raises:
        AccountNotFound: no such account, or not this user's.
        NotPossibleNow: no day of it is broken or may have been cut off, or all that are wanted are under way.
        ConnectionExpired, ConnectionRemoved: nothing can be fetched until the user reconnects.
    """
    account = accounts.account_of(session, user_id, account_id)
    broken = _to_refetch(prove_account(session, account, utc_now().date()))
    if not broken:
        raise NotPossibleNow(
            f"nothing of {account.display_name} is known to be lacking; there is nothing to fetch again"
        )
    facts = repository.window_facts(session, [account.id])[account.id]
    asked = {window.days for window in facts if window.state is WindowState.COMPLETED}
    under_way = merged(
        window.days for window in facts if window.state in OPEN_WINDOW_STATES and window.status in OPEN_ACCOUNT_STATUSES
    )
    windows = [narrow for days in broken for narrow in narrowed(days, asked) if without(narrow, under_way)]
    if not windows:
        raise NotPossibleNow(
            f"these days of {account.display_name} are being fetched again already; let that end first"
        )
    jobs = []
    for days in windows:
        wanted = PlanRequest(
            connection_id=account.connection_id,
            account_ids=[str(account.id)],
            from_date=days.first,
            to_date=days.last,
            job_type=JobType.DATE_RANGE,
        )
        jobs.append(start_import(session, user_id, plan_import(session, user_id, wanted, attended_ip).id))
    return jobs


def _to_refetch(proofs: Sequence[DayProof]) -> list[Days]:
    return merged(item.refetch for item in proofs if item.refetch is not None)


def _reported_balances(session: Session, account_id: int) -> list[ToldBalance]:
    """The told balances less what had happened then, read in whichever of four ways agrees most often.

    A bank counts a row that it lists late on the row's day or when it lists it, and pending rows or not.
    """
    balances = accounts.told_balances(session, account_id)
    if not balances:
        return []
    since = max(balance.held_from for balance in balances)
    staged = {balance.job_id: balance.told_at for balance in balances if balance.job_id is not None}
    moments = [balance.told_at for balance in balances]
    totals = proof_rows.known_totals(session, account_id, since, moments, known_of_job=staged)
    variants = [
        [
            ToldBalance(balance.told_at.date(), balance.current - total - (balance.pending_total if counts else 0))
            for balance, total in zip(balances, chosen, strict=True)
        ]
        for chosen in ([total.as_dated for total in totals], [total.as_known for total in totals])
        for counts in (False, True)
    ]
    return max(variants, key=_agreements)


def _agreements(told: Sequence[ToldBalance]) -> int:
    values: list[Decimal] = [item.unexplained for item in told]
    return sum(left == right for left, right in pairwise(values))


def _joined(coverage: Sequence[Stretch], proofs: Sequence[DayProof]) -> list[ProofStretchRead]:
    """One strip of both: every stretch of the coverage, cut where the proof changes."""
    strip: list[ProofStretchRead] = []
    for stretch in coverage:
        first = stretch.days.first
        for proof in proofs:
            both = stretch.days.overlap(proof.days)
            if both is None or stretch.state not in (DayState.ANSWERED, DayState.EMPTY):
                continue
            strip.append(ProofStretchRead.of(both, stretch, proof))
            first = both.last + ONE_DAY
        if first <= stretch.days.last:
            strip.append(ProofStretchRead.of(Days(first, stretch.days.last), stretch, None))
    return strip


def _counted(strip: Sequence[ProofStretchRead]) -> ProofDays:
    days = {proof.value: 0 for proof in Proof}
    for item in strip:
        days[item.proof.value] += (item.last - item.first).days + 1
    return ProofDays(**days)
