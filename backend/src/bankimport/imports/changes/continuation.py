"""Continue an account under a bank's new provider id: offer it, and on the user's decision merge two accounts.

Rows that both accounts have are merged, with the user's edits of either. All other rows and the banks' answers stay.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain

from sqlalchemy import Select, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from bankimport.accounts import repository as accounts
from bankimport.accounts.migrated import Evidence, Overlap, are_siblings, evidence_of
from bankimport.accounts.models import Account, DeclinedContinuation
from bankimport.accounts.service import features_of
from bankimport.clock import utc_now
from bankimport.connections.models import BankConnection, ConnectionStatus
from bankimport.errors import NotFound
from bankimport.imports.errors import NotPossibleNow
from bankimport.imports.match.carry_over import move_decisions
from bankimport.imports.models import OPEN_ACCOUNT_STATUSES, AccountImport
from bankimport.transactions.changes import EDITABLE
from bankimport.transactions.models import Transaction
from bankimport.users.service import record

_TABLES = (
    "import_windows",
    "truelayer_import_progress",
    "raw_responses",
    "rejected_rows",
    "account_balances",
    "bank_api_calls",
    "import_events",
    "account_doors",
)
"""The tables whose rows move to the continued account."""


class NoSuchContinuation(NotFound):
    """These two accounts are not offered as a continuation."""

    code = "no_continuation"


@dataclass(frozen=True, slots=True)
class Continuation:
    """An account at a bank's new provider id that may be one known under the old id."""

    new: Account
    old: Account
    evidence: Evidence
    overlap: Overlap


def continuations(session: Session, user_id: int) -> list[Continuation]:
    """The user's accounts that may continue older ones at another provider id, without those the user declined."""
    rows = accounts.accounts_of_user(session, user_id)
    banks = {row.id: row for row in _banks_of(session, user_id)}
    statement = select(DeclinedContinuation.new_account_id, DeclinedContinuation.old_account_id)
    declined = {(row[0], row[1]) for row in session.execute(statement)}
    found: list[Continuation] = []
    for new in rows:
        bank = banks.get(new.connection_id)
        if bank is None or bank.status is not ConnectionStatus.ACTIVE or new.missing_since is not None:
            continue
        olds = [old for old in rows if old.id < new.id and old.bank_id != new.bank_id]
        olds = [old for old in olds if (new.id, old.id) not in declined]
        offers = [offer for old in olds if (offer := _offer(session, new, old, bank, banks.get(old.connection_id)))]
        if offers:
            found.append(min(offers, key=lambda offer: (list(Evidence).index(offer.evidence), -offer.old.id)))
    return found


def continue_account(session: Session, user_id: int, new_id: int, old_id: int) -> Account:
    """Merge the new account into the old one: its access to the bank, its rows and its answers; returns the old
    account.

    Raises:
        AccountNotFound: one of them is not this user's.
        NoSuchContinuation: they are not offered as a continuation.
        NotPossibleNow: an import of one of them is in progress.
    """
    new, old = _offered(session, user_id, new_id, old_id)
    accounts.lock_for_undo(session, select(Account.id).where(Account.id.in_([new.id, old.id])))
    under_way = select(AccountImport.id).where(
        AccountImport.account_id.in_([new.id, old.id]), AccountImport.status.in_(OPEN_ACCOUNT_STATUSES)
    )
    if session.scalars(under_way.limit(1)).first() is not None:
        raise NotPossibleNow(f"an import of {new.display_name} is in progress; wait until it ends, or cancel it")
    name, bank_id, both = new.listed_name, new.bank_id, {"new": new.id, "old": old.id}
    _join_rows(session, user_id, new.id, old.id)
    for table in _TABLES:
        session.execute(text(f"UPDATE {table} SET account_id = :old WHERE account_id = :new"), both)  # noqa: S608
    session.execute(text("DELETE FROM account_standings WHERE account_id = :new"), both)
    for table, column in (
        ("truelayer_import_jobs", "account_ids"),
        ("truelayer_import_jobs", "card_ids"),
        ("truelayer_import_schedules", "account_ids"),
    ):
        session.execute(
            text(
                f"UPDATE {table} SET {column} = array_replace({column}, CAST(:new AS text), CAST(:old AS text)) "  # noqa: S608
                f"WHERE CAST(:new AS text) = ANY ({column})"
            ),
            both,
        )
    for field in ("iban", "account_number", "sort_code", "partial_card_number", "card_network", "holder_name"):
        setattr(old, field, getattr(new, field) or getattr(old, field))
    old.listed_name, old.bank_id = name, bank_id
    session.flush()
    session.expunge(new)
    session.execute(text("DELETE FROM truelayer_accounts WHERE id = :new"), both)
    record(session, user_id, "account.continued", account_id=old.id, from_account_id=both["new"])
    session.refresh(old)
    return old


def decline(session: Session, user_id: int, new_id: int, old_id: int) -> None:
    """Record that the two accounts are different; they are not offered again.

    Raises:
        AccountNotFound, NoSuchContinuation: as `continue_account`.
    """
    new, old = _offered(session, user_id, new_id, old_id)
    values = {"new_account_id": new.id, "old_account_id": old.id, "declined_at": utc_now()}
    session.execute(insert(DeclinedContinuation).values(values).on_conflict_do_nothing())


def _offered(session: Session, user_id: int, new_id: int, old_id: int) -> tuple[Account, Account]:
    new, old = accounts.account_of(session, user_id, new_id), accounts.account_of(session, user_id, old_id)
    if not any((offer.new.id, offer.old.id) == (new.id, old.id) for offer in continuations(session, user_id)):
        raise NoSuchContinuation(f"account {new_id} is not offered as a continuation of account {old_id}")
    return new, old


def _banks_of(session: Session, user_id: int) -> list[BankConnection]:
    return list(session.scalars(select(BankConnection).where(BankConnection.user_id == user_id)))


def _offer(
    session: Session, new: Account, old: Account, bank: BankConnection, old_bank: BankConnection | None
) -> Continuation | None:
    siblings = are_siblings(new.bank_id, bank.bank_name, old.bank_id, old_bank.bank_name if old_bank else old.bank_id)
    features = features_of(new), features_of(old)
    if evidence_of(*features, Overlap(equal=10**6), are_siblings=siblings) is None:
        return None
    overlap = _overlap(session, new.id, old.id)
    evidence = evidence_of(*features, overlap, are_siblings=siblings)
    return Continuation(new, old, evidence, overlap) if evidence is not None else None


def _overlap(session: Session, new_id: int, old_id: int) -> Overlap:
    """Equal rows have the same day, amount and currency: texts and ids may differ at the other provider."""
    counts = {
        account_id: Counter(tuple(row) for row in session.execute(_rows_in_common(account_id, other_id)))
        for account_id, other_id in ((new_id, old_id), (old_id, new_id))
    }
    equal = (counts[new_id] & counts[old_id]).total()
    return Overlap(equal, counts[new_id].total() - equal, counts[old_id].total() - equal)


def _rows_in_common(account_id: int, other_id: int) -> Select[date, Decimal, str]:
    live = Transaction.removed_at.is_(None)
    first, last = (
        select(edge(Transaction.date)).where(Transaction.account_id == other_id, live).scalar_subquery()
        for edge in (func.min, func.max)
    )
    return select(Transaction.date, Transaction.amount, Transaction.currency).where(
        Transaction.account_id == account_id, live, Transaction.date.between(first, last)
    )


def _join_rows(session: Session, user_id: int, new_id: int, old_id: int) -> None:
    """Remove the new account's rows that the old one has too, and move all rows to the old account."""
    mine, theirs = _live_rows(session, new_id), _live_rows(session, old_id)
    pairs: dict[int, int] = {}
    for key, rows in mine.items():
        others = theirs.get(key, [])
        for row in sorted(rows, key=lambda row: all(row.description != other.description for other in others)):
            same = next((other for other in others if other.description == row.description), None)
            twin = same or next(iter(others), None)
            if twin is None:
                continue
            others.remove(twin)
            pairs[row.id] = twin.id
            _keep_edits(row, twin)
            row.removed_at = utc_now()
    session.flush()
    move_decisions(session, user_id, pairs)
    taken = {row.dedupe_key for row in chain.from_iterable(_live_rows(session, old_id).values())}
    for row in chain.from_iterable(_live_rows(session, new_id).values()):
        if row.dedupe_key in taken:
            row.dedupe_key = f"{row.dedupe_key} of {new_id}"
    session.flush()
    session.execute(update(Transaction).where(Transaction.account_id == new_id).values(account_id=old_id))


def _live_rows(session: Session, account_id: int) -> dict[tuple[object, ...], list[Transaction]]:
    rows: Iterable[Transaction] = session.scalars(
        select(Transaction)
        .where(Transaction.account_id == account_id, Transaction.removed_at.is_(None))
        .order_by(Transaction.id)
    )
    found: dict[tuple[object, ...], list[Transaction]] = defaultdict(list)
    for row in rows:
        found[row.status, row.date, row.amount, row.currency].append(row)
    return found


def _keep_edits(row: Transaction, twin: Transaction) -> None:
    for name in EDITABLE:
        source = f"{name}_source"
        if getattr(row, source) == "user" and getattr(twin, source) != "user":
            setattr(twin, name, getattr(row, name))
            setattr(twin, source, "user")
