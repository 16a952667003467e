"""Continue an account under a bank's new provider id: offer it, and on the user's decision merge two accounts.

Rows that both accounts have are merged, with the user's edits of either. All other rows and the banks' answers stay.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any

from sqlalchemy import Select, delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from bankimport.accounts import repository as accounts
from bankimport.accounts.migrated import Evidence, Overlap, are_siblings, evidence_of
from bankimport.accounts.models import Account, AccountFreshness, AccountJoin, DeclinedContinuation
from bankimport.accounts.service import features_of
from bankimport.clock import utc_now
from bankimport.connections.models import BankConnection, ConnectionStatus
from bankimport.errors import NotFound
from bankimport.imports.changes.continuation_undo import ID_LISTS, MOVED_TABLES, TAKEN_FIELDS, state_before
from bankimport.imports.errors import NotPossibleNow
from bankimport.imports.match.carry_over import move_decisions
from bankimport.imports.models import OPEN_ACCOUNT_STATUSES, AccountImport
from bankimport.transactions.changes import EDITABLE
from bankimport.transactions.models import Transaction, Transfer, TransferStatus
from bankimport.users.record import record
from bankimport.vault.keys import vault_of


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
    pairs: list[Continuation] = []
    for new in rows:
        bank = banks.get(new.connection_id)
        if bank is None or bank.status is not ConnectionStatus.ACTIVE or new.missing_since is not None:
            continue
        olds = [old for old in rows if old.id < new.id and old.bank_id != new.bank_id]
        olds = [old for old in olds if (new.id, old.id) not in declined]
        offers = [offer for old in olds if (offer := _offer(session, new, old, bank, banks.get(old.connection_id)))]
        if offers:
            pairs.append(min(offers, key=lambda offer: (list(Evidence).index(offer.evidence), -offer.old.id)))
    return pairs


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
    both = {"new": new.id, "old": old.id}
    before = state_before(session, new, old)
    before["rows"] = _join_rows(session, user_id, new.id, old.id)
    for table in (*MOVED_TABLES, "import_events"):
        session.execute(text(f"UPDATE {table} SET account_id = :old WHERE account_id = :new"), both)  # noqa: S608
    session.execute(delete(AccountFreshness).where(AccountFreshness.account_id == new.id))
    for table, column in ID_LISTS:
        session.execute(
            text(
                f"UPDATE {table} SET {column} = array_replace({column}, CAST(:new AS text), CAST(:old AS text)) "  # noqa: S608
                f"WHERE CAST(:new AS text) = ANY ({column})"
            ),
            both,
        )
    for field in TAKEN_FIELDS:
        setattr(old, field, getattr(new, field) or getattr(old, field))
    old.keep_numbers(vault_of(session, user_id), new.numbers.or_else(old.numbers))
    old.nickname = old.nickname or new.nickname
    session.add(
        AccountJoin(
            user_id=user_id,
            account_id=old.id,
            joined_id=new.id,
            joined_name=new.display_name,
            before=before,
            joined_at=utc_now(),
        )
    )
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


def _join_rows(session: Session, user_id: int, new_id: int, old_id: int) -> dict[str, Any]:
    """Remove the new account's rows that the old one has too; returns what an undo needs to know of the rows."""
    new_rows, old_rows = _live_rows(session, new_id), _live_rows(session, old_id)
    pairs: dict[int, int] = {}
    edits: list[dict[str, Any]] = []
    for key, rows in new_rows.items():
        others = old_rows.get(key, [])
        for row in sorted(rows, key=lambda row: all(row.description != other.description for other in others)):
            same = next((other for other in others if other.description == row.description), None)
            twin = same or next(iter(others), None)
            if twin is None:
                continue
            others.remove(twin)
            pairs[row.id] = twin.id
            edits += _keep_edits(row, twin)
            row.removed_at = utc_now()
    session.flush()
    transfers = _decided_transfers(session, pairs)
    move_decisions(session, user_id, pairs)
    taken = {row.dedupe_key for row in chain.from_iterable(_live_rows(session, old_id).values())}
    keys: dict[int, str] = {}
    for row in chain.from_iterable(_live_rows(session, new_id).values()):
        if row.dedupe_key in taken:
            keys[row.id] = row.dedupe_key
            row.dedupe_key = f"{row.dedupe_key} of {new_id}"
    session.flush()
    return {
        "twins": {str(row_id): twin_id for row_id, twin_id in pairs.items()},
        "edits": edits,
        "keys": {str(row_id): key for row_id, key in keys.items()},
        "transfers": transfers,
    }


def _decided_transfers(session: Session, pairs: Mapping[int, int]) -> list[tuple[int, str, int]]:
    """The decided transfers of these rows: id, the side on which the row is, and the row."""
    decided: list[tuple[int, str, int]] = []
    for side, column in (("out_id", Transfer.out_id), ("in_id", Transfer.in_id)):
        statement = select(Transfer.id, column).where(
            column.in_(list(pairs)), Transfer.status != TransferStatus.SUGGESTED
        )
        decided += [(row[0], side, row[1]) for row in session.execute(statement)]
    return decided


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


def _keep_edits(row: Transaction, twin: Transaction) -> list[dict[str, Any]]:
    """Copy the user's edits to the twin; returns what the twin had, and what was copied."""
    carried: list[dict[str, Any]] = []
    for name in EDITABLE:
        source = f"{name}_source"
        if getattr(row, source) == "user" and getattr(twin, source) != "user":
            value = getattr(row, name)
            had = {"value": getattr(twin, name), "source": getattr(twin, source)}
            carried.append({"row": twin.id, "field": name, "carried": value, **had})
            setattr(twin, name, value)
            setattr(twin, source, "user")
    return carried
