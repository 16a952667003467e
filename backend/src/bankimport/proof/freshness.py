"""Save how far each account is stored and proven, and notify its user about broken days."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from bankimport.accounts.models import Account, AccountFreshness
from bankimport.clock import utc_now
from bankimport.db.session import session_scope
from bankimport.imports import fairness, repository
from bankimport.imports.models import AccountImport, ImportJob
from bankimport.notifications.models import Kind
from bankimport.notifications.notify import notify
from bankimport.proof.day_proof import DayProof, Proof
from bankimport.proof.prove import prove_and_renew

log = structlog.get_logger(__name__)

AT_THE_LATEST = timedelta(hours=6)
"""Maximum age of a saved state: an edit or a redo may have changed the account in the meantime."""

MOST_AT_ONCE = 50

PATIENCE = timedelta(minutes=1)
"""How long after its last import an account's proof waits while anything is being fetched: imports go first."""


def due_accounts(now: datetime) -> Select[int]:
    """Accounts whose saved state is missing, too old, or older than their last import or undo; missing ones first."""
    finished = exists().where(AccountImport.account_id == Account.id, AccountImport.completed_at.is_not(None))
    changed = (
        exists()
        .where(AccountImport.account_id == Account.id, ImportJob.id == AccountImport.job_id)
        .where(func.greatest(AccountImport.completed_at, ImportJob.undone_at) > AccountFreshness.proved_at)
    )
    return (
        select(Account.id)
        .join(AccountFreshness, AccountFreshness.account_id == Account.id, isouter=True)
        .where(
            or_(
                and_(AccountFreshness.proved_at.is_(None), finished),
                AccountFreshness.proved_at < now - AT_THE_LATEST,
                changed,
            )
        )
        .order_by(AccountFreshness.proved_at.asc().nulls_first(), Account.id)
    )


def keep_freshness() -> int:
    """Prove accounts again that were imported or undone since their last proof; returns how many.

    While accounts are being fetched, those imported less than `PATIENCE` ago wait, because somebody is watching the
    import. Two processes at once repeat some of the work, which is harmless.
    """
    now = utc_now()
    with session_scope() as session:
        was_fetching = fairness.is_anything_fetched(session)
        statement = due_accounts(now)
        if was_fetching:
            statement = statement.where(~_is_imported_since(now - PATIENCE))
        due = list(session.scalars(statement.limit(MOST_AT_ONCE)))
    proved = 0
    for account_id in due:
        with session_scope() as session:
            if not was_fetching and fairness.is_anything_fetched(session):
                break
            _keep(session, account_id)
            proved += 1
    return proved


def _is_imported_since(moment: datetime) -> ColumnElement[bool]:
    return exists().where(AccountImport.account_id == Account.id, AccountImport.completed_at > moment)


def _keep(session: Session, account_id: int) -> None:
    account = session.get(Account, account_id)
    if account is None:
        return
    now = utc_now()
    stored = repository.stored_days(session, [account_id])[account_id]
    proofs, sure_point = prove_and_renew(session, account, now.date())
    broken = [item for item in proofs if item.proof is Proof.BROKEN]
    values: dict[str, Any] = {
        "newest_held_day": max((days.last for days in stored), default=None),
        "newest_proven_day": max((item.days.last for item in proofs if item.proof is Proof.PROVEN), default=None),
        "broken_days": sum(item.days.length for item in broken),
        "proved_at": now,
    }
    if sure_point is not None:
        values["sure_point"] = sure_point
    session.execute(
        insert(AccountFreshness)
        .values(account_id=account_id, **values)
        .on_conflict_do_update(index_elements=["account_id"], set_=values)
    )
    if broken:
        _notify_of_broken(session, account, broken)


def _notify_of_broken(session: Session, account: Account, broken: list[DayProof]) -> None:
    """Notify the user once for each set of broken days and missing amounts."""
    digest = ";".join(f"{item.days.first}..{item.days.last}={item.missing}" for item in broken)
    key = hashlib.sha256(digest.encode()).hexdigest()[:16]
    days = sum(item.days.length for item in broken)
    newest = max(item.days.last for item in broken)
    is_new = notify(
        session,
        account.user_id,
        Kind.PROOF_BROKEN,
        f"proof:{account.id}:{key}",
        title=f"{days} {'day' if days == 1 else 'days'} of {account.display_name} do not add up",
        body=f"Balances show missing transactions, most recently on {newest}. Fetch these days again with one click.",
        link=f"/proof?account={account.id}",
        data={"account_id": account.id, "broken_days": days, "newest_broken_day": newest.isoformat()},
    )
    if is_new:
        log.info("proof.broken", account_id=account.id, days=days)
