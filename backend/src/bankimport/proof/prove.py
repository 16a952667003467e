"""Read what the proof needs, and join each day's proof with its coverage."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial

from sqlalchemy.orm import Session

from bankimport.accounts import repository as accounts
from bankimport.accounts.models import Account
from bankimport.clock import utc_now
from bankimport.connections.bank_facts import facts_of
from bankimport.days import ONE_DAY, Days, merged
from bankimport.imports import repository
from bankimport.imports.answers.rejected import windows_with_rejected
from bankimport.imports.windows import WindowFacts
from bankimport.proof.day_proof import DayProof, Proof, ReportedBalance, sure_days
from bankimport.proof.day_states import HELD_STATES, DayState, RejectedDays, Stretch, rejected_days, strip_of
from bankimport.proof.path import ProvableRow
from bankimport.proof.proof import prove, with_rejected, with_repeated
from bankimport.proof.readings import KnownBalance, best_reading
from bankimport.proof.schemas import ProofDays, ProofRead, ProofStretchRead
from bankimport.proof.stored_point import newer_point, stored_point
from bankimport.proof.sure_point import SurePoint, prove_from, put_together
from bankimport.transactions import day_sums, proof_rows
from bankimport.truelayer.errors import InvalidDateRange


def proof_read(session: Session, user_id: int, account_id: int) -> ProofRead:
    """How certain every day of one account is, from the oldest day ever requested to today.

    Raises:
        AccountNotFound: no such account, or not this user's.
    """
    account = accounts.account_of(session, user_id, account_id)
    today = utc_now().date()
    windows = windows_with_rejected(session, [account.id])[account.id]
    days_with_rows = day_sums.days_with_booked(session, [account.id])[account.id]
    proofs = prove_account(session, account, today, windows=windows)
    coverage = strip_of(windows, days_with_rows, today, whole=sure_days(proofs))
    strip = _joined(coverage, proofs)
    mark_before_history(strip)
    return ProofRead(
        account_id=account.id,
        display_name=account.display_name,
        currency=account.currency,
        strip=strip,
        days=_counted(strip),
        newest_proven_day=max((item.last for item in strip if item.proof is Proof.PROVEN), default=None),
        refetch=to_refetch(proofs),
    )


def prove_account(
    session: Session, account: Account, today: date, *, windows: Sequence[WindowFacts] | None = None
) -> list[DayProof]:
    """Prove the account's stored days, from its sure point on if it has one.

    `windows` are the account's windows with their rejected rows, if already read.
    """
    stored, rejected = _read_days(session, account, windows)
    point = stored_point(session, account, stored, rejected)
    return _prove(session, account, today, stored, rejected, point, _rows_since(session, account.id, point))


def prove_and_renew(session: Session, account: Account, today: date) -> tuple[list[DayProof], str | None]:
    """The same, and the sure point to keep with the account from now on; None to keep the one that it has."""
    stored, rejected = _read_days(session, account, None)
    point = stored_point(session, account, stored, rejected)
    rows = _rows_since(session, account.id, point)
    proofs = _prove(session, account, today, stored, rejected, point, rows)
    return proofs, newer_point(session, account, today, stored, rejected, proofs, point, None if point else rows)


def _rows_since(session: Session, account_id: int, point: SurePoint | None) -> list[ProvableRow]:
    since = date.min if point is None else point.days.first
    return [ProvableRow(*row) for row in proof_rows.provable_rows(session, account_id, since=since)]


def _read_days(
    session: Session, account: Account, windows: Sequence[WindowFacts] | None
) -> tuple[list[Days], RejectedDays]:
    if windows is None:
        windows = windows_with_rejected(session, [account.id])[account.id]
    return repository.stored_days(session, [account.id])[account.id], rejected_days(windows)


def _prove(
    session: Session,
    account: Account,
    today: date,
    stored: list[Days],
    rejected: RejectedDays,
    point: SurePoint | None,
    rows: Sequence[ProvableRow],
) -> list[DayProof]:
    since = date.min if point is None else point.days.first
    pending = proof_rows.pending_total(session, account.id)
    latest = account.balance_current
    proofs = (prove if point is None else partial(prove_from, point))(
        stored,
        rows,
        today=today,
        latest_balances=() if latest is None else {latest, latest - pending},
        reported=_reported_balances(session, account),
        asked_from=repository.first_days_answered(session, account.id),
    )
    proofs = with_rejected(proofs, rejected.dated, rejected.undated)
    proofs = with_repeated(proofs, proof_rows.days_flagged(session, account.id, "repeated_block", since=since))
    return proofs if point is None else put_together(point, proofs)


def to_refetch(proofs: Sequence[DayProof]) -> list[Days]:
    """The days that may contain the missing rows, ascending."""
    return merged(item.refetch for item in proofs if item.refetch is not None)


def mark_before_history(strip: Sequence[ProofStretchRead]) -> None:
    """Mark the days before the first row that the bank answered without rows, or does not serve as being too old.

    Nothing is marked while no row is stored: then nobody knows where the history begins.
    """
    first = next((n for n, item in enumerate(strip) if item.state in (DayState.ANSWERED, DayState.REJECTED_ROWS)), 0)
    for item in strip[:first]:
        is_too_old = item.state is DayState.REFUSED and item.error_code == InvalidDateRange.code
        is_empty = item.state is DayState.EMPTY and item.proof is Proof.UNPROVABLE
        item.is_before_history = is_too_old or is_empty


def _reported_balances(session: Session, account: Account) -> Iterator[ReportedBalance]:
    """The account's reported balances in their best reading.

    Nothing is read before the first is needed: accounts with running balances need none.
    """
    balances = accounts.reported_balances(session, account.id)
    if not balances:
        return
    since = max(balance.held_from for balance in balances)
    staged = {balance.job_id: balance.told_at for balance in balances if balance.job_id is not None}
    moments = [balance.told_at for balance in balances]
    totals = proof_rows.known_totals(session, account.id, since, moments, known_of_job=staged)
    known = [
        KnownBalance(
            balance.told_at.date(), balance.current, balance.pending_total, totals_then.as_dated, totals_then.as_known
        )
        for balance, totals_then in zip(balances, totals, strict=True)
    ]
    yield from best_reading(known, current_has_pending=facts_of(account.bank_id).current_has_pending)


def _joined(coverage: Sequence[Stretch], proofs: Sequence[DayProof]) -> list[ProofStretchRead]:
    """One strip from both: every stretch of the coverage, split wherever the proof changes."""
    strip: list[ProofStretchRead] = []
    for stretch in coverage:
        first = stretch.days.first
        for proof in proofs:
            both = stretch.days.overlap(proof.days)
            if both is None or stretch.state not in HELD_STATES:
                continue
            strip.append(ProofStretchRead.of(both, stretch, proof))
            first = both.last + ONE_DAY
        if first <= stretch.days.last:
            strip.append(ProofStretchRead.of(Days(first, stretch.days.last), stretch, None))
    return strip


def _counted(strip: Sequence[ProofStretchRead]) -> ProofDays:
    days = {proof.value: 0 for proof in Proof}
    before_history = 0
    for item in strip:
        length = (item.last - item.first).days + 1
        days[item.proof.value] += length
        before_history += length if item.is_before_history else 0
    return ProofDays(**days, before_history=before_history)
