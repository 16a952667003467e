"""Save how far each account is stored and proven, and notify its user about broken days."""

import hashlib
from datetime import timedelta

import structlog
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from bankimport.accounts.models import Account, AccountStanding
from bankimport.clock import utc_now
from bankimport.db.session import session_scope
from bankimport.imports import repository
from bankimport.notifications.models import Kind
from bankimport.notifications.notify import notify
from bankimport.proof.proof import DayProof, Proof
from bankimport.proof.prove import prove_account

log = structlog.get_logger(__name__)

AT_THE_LATEST = timedelta(hours=6)
"""Maximum age of a saved state: an edit or a redo may have changed the account in the meantime."""

MOST_AT_ONCE = 50

_DUE = text(
    "SELECT a.id FROM truelayer_accounts a LEFT JOIN account_standings s ON s.account_id = a.id "
    "WHERE (s.proved_at IS NULL AND EXISTS (SELECT FROM truelayer_import_progress p "
    "WHERE p.account_id = a.id AND p.completed_at IS NOT NULL)) OR s.proved_at < :too_old "
    "OR EXISTS (SELECT FROM truelayer_import_progress p JOIN truelayer_import_jobs j ON j.id = p.job_id "
    "WHERE p.account_id = a.id AND greatest(p.completed_at, j.undone_at) > s.proved_at) "
    "ORDER BY s.proved_at NULLS FIRST, a.id LIMIT :most"
)


def keep_freshness() -> int:
    """Prove accounts again that were imported or undone since their last proof; returns how many.

    Two processes at once repeat some of the work, which is harmless.
    """
    with session_scope() as session:
        due = list(session.scalars(_DUE, {"too_old": utc_now() - AT_THE_LATEST, "most": MOST_AT_ONCE}))
    for account_id in due:
        with session_scope() as session:
            _keep(session, account_id)
    return len(due)


def _keep(session: Session, account_id: int) -> None:
    account = session.get(Account, account_id)
    if account is None:
        return
    now = utc_now()
    held = repository.held_days(session, [account_id])[account_id]
    proofs = prove_account(session, account, now.date())
    broken = [item for item in proofs if item.proof is Proof.BROKEN]
    values = {
        "newest_held_day": max((days.last for days in held), default=None),
        "newest_proven_day": max((item.days.last for item in proofs if item.proof is Proof.PROVEN), default=None),
        "broken_days": sum(item.days.length for item in broken),
        "proved_at": now,
    }
    session.execute(
        insert(AccountStanding)
        .values(account_id=account_id, **values)
        .on_conflict_do_update(index_elements=["account_id"], set_=values)
    )
    if broken:
        _notify_of_broken(session, account, broken)


def _notify_of_broken(session: Session, account: Account, broken: list[DayProof]) -> None:
    """Notify the user once for each set of broken days and missing amounts."""
    what = ";".join(f"{item.days.first}..{item.days.last}={item.missing}" for item in broken)
    key = hashlib.sha256(what.encode()).hexdigest()[:16]
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
